// What can be done with the chart by keys and from the palette.
import { useEffect, useRef } from "react";
import { useText } from "../../i18n/text";
import { setScreenActions } from "../../shell/windowState";

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, [role=combobox]"));

export function useChartActions(onFit: () => void, onIndicators: () => void): void {
  const text = useText().chart;
  const now = useRef({ onFit, onIndicators });
  now.current = { onFit, onIndicators };
  useEffect(() => {
    setScreenActions([
      { id: "indicators", label: text.indicators.open, keys: "/", run: () => now.current.onIndicators() },
      { id: "fit", label: text.fit, keys: "Alt+R", run: () => now.current.onFit() },
    ]);
    const onKey = (event: KeyboardEvent) => {
      if (event.altKey && event.code === "KeyR") {
        event.preventDefault();
        now.current.onFit();
      }
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (event.key === "/" && plain && !isTyping(event.target) && !document.querySelector("[role=dialog]")) {
        event.preventDefault();
        now.current.onIndicators();
      }
    };
    window.addEventListener("keydown", onKey);
    return () => {
      setScreenActions([]);
      window.removeEventListener("keydown", onKey);
    };
  }, [text]);
}
