// Links out of the window open in the system's browser; the window itself never leaves the program.
import { useEffect } from "react";
import { answer, commands, problemOf } from "../backend/client";
import { showProblem } from "../widgets/toast";

export function openExternal(url: string): void {
  void answer(commands.openLink(url)).catch((error: unknown) => showProblem(problemOf(error)));
}

export function useExternalLinks(): void {
  useEffect(() => {
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      const href = link?.getAttribute("href");
      if (!href || !/^https?:\/\//.test(href)) return;
      event.preventDefault();
      openExternal(href);
    };
    document.addEventListener("click", onClick, true);
    return () => document.removeEventListener("click", onClick, true);
  }, []);
}
