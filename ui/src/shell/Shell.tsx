import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { useEffect } from "react";
import { Toaster } from "sonner";
import { commands } from "../backend/client";
import { followEvents } from "../backend/events";
import { queries } from "../backend/queries";
import { useDocumentLanguage } from "../i18n/text";
import { useApplyTheme, useResolvedTheme } from "../theme/theme";
import { TooltipProvider } from "../widgets/Tooltip";
import { FetchDialog } from "./dialogs/FetchDialog";
import { ImportDialog } from "./dialogs/ImportDialog";
import { Palette } from "./Palette";
import { Rail } from "./Rail";
import { ShortcutSheet } from "./ShortcutSheet";
import { StatusBar } from "./StatusBar";
import { useExternalLinks } from "./useExternalLinks";
import { useShortcuts } from "./useShortcuts";
import { Welcome } from "./Welcome";
import { useWindowState } from "./windowState";

/** Tells the program when the first frame is on the screen. */
function useFirstPaint() {
  useEffect(() => {
    const frame = requestAnimationFrame(() => requestAnimationFrame(() => void commands.firstPaint()));
    return () => cancelAnimationFrame(frame);
  }, []);
}

/** The window: everything that stays while the screens change. */
export function Shell() {
  const client = useQueryClient();
  const settings = useQuery(queries.settings());
  const theme = useResolvedTheme();
  const dialog = useWindowState((state) => state.dialog);
  useApplyTheme(settings.isSuccess);
  useDocumentLanguage();
  useShortcuts();
  useExternalLinks();
  useFirstPaint();
  useEffect(() => followEvents(client), [client]);
  return (
    <TooltipProvider delayDuration={400} skipDelayDuration={200}>
      <div className="frame-grid relative">
        <Rail />
        <Outlet />
        <StatusBar />
      </div>
      <Palette />
      <ShortcutSheet />
      <Welcome />
      {dialog === "fetch" && <FetchDialog />}
      {dialog === "import" && <ImportDialog />}
      <Toaster
        theme={theme}
        position="bottom-right"
        offset={{ bottom: 36, right: 12 }}
        gap={8}
        visibleToasts={3}
        closeButton
        toastOptions={{ className: "toast" }}
      />
    </TooltipProvider>
  );
}
