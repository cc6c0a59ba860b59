// Keys of the News screen that work wherever the focus is: j and k move, / searches.
import { type RefObject, useEffect, useRef } from "react";
import type { ArticleRowDto } from "../../backend/bindings";
import { isTyping } from "../../shell/useShortcuts";
import { targetOf } from "../../widgets/VirtualList";

interface NewsKeys {
  rows: readonly ArticleRowDto[];
  selected: number | null;
  onSelect: (row: ArticleRowDto) => void;
  search: RefObject<HTMLInputElement | null>;
}

export function useNewsKeys(keys: NewsKeys): void {
  const now = useRef(keys);
  now.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { rows, selected, onSelect, search } = now.current;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector("[role=dialog]")) return;
      if (event.key === "/") {
        event.preventDefault();
        search.current?.focus();
        return;
      }
      if (event.key !== "j" && event.key !== "k") return;
      const current = rows.findIndex((row) => row.id === selected);
      const row = rows[targetOf(event.key, current, 1, rows.length) ?? -1];
      if (row) onSelect(row);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
