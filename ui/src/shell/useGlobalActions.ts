// Actions of the palette that make sense on every screen.
import { useNavigate } from "@tanstack/react-router";
import { answer, commands } from "../backend/client";
import { useCommand } from "../backend/useCommand";
import { useSaveSettings } from "../backend/useSettings";
import { useText } from "../i18n/text";
import { type Action, openFetch, openImport, openShortcuts } from "./windowState";

export function useGlobalActions(): readonly Action[] {
  const text = useText().shell.palette;
  const navigate = useNavigate();
  const { save } = useSaveSettings();
  const crawl = useCommand(() => answer(commands.crawl()));
  const score = useCommand(() => answer(commands.scoreArticles()));
  return [
    { id: "fetch", label: text.fetch, run: () => openFetch() },
    { id: "import", label: text.import, run: openImport },
    { id: "crawl", label: text.crawl, run: () => crawl.mutate(undefined) },
    { id: "score", label: text.score, run: () => score.mutate(undefined) },
    { id: "dark", label: text.darkTheme, run: () => save({ theme: "dark" }) },
    { id: "light", label: text.lightTheme, run: () => save({ theme: "light" }) },
    { id: "system", label: text.systemTheme, run: () => save({ theme: "system" }) },
    {
      id: "update",
      label: text.checkUpdate,
      run: () => void navigate({ to: "/settings", search: { section: "updates" } }),
    },
    { id: "shortcuts", label: text.shortcuts, keys: "?", run: () => openShortcuts(true) },
  ];
}
