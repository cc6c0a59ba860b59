// Keys of the News screen that work wherever the focus is: j and k move, / searches, m marks, u shows the unread, o opens.
import { type RefObject, useEffect, useRef } from "react";
import { isTyping } from "../../shell/useShortcuts";
import { targetOf } from "../../widgets/VirtualList";
import type { Story } from "./story";

interface NewsKeys {
  rows: readonly Story[];
  /** The chosen story. */
  selected: number | null;
  onSelect: (story: Story) => void;
  onToggleRead: (story: Story) => void;
  onToggleUnread: () => void;
  onOriginal: (story: Story) => void;
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
      const current = rows.findIndex((row) => row.id === selected);
      const story = rows[current];
      if (event.key === "u") now.current.onToggleUnread();
      if (event.key === "m" && story) now.current.onToggleRead(story);
      if (event.key === "o" && story) now.current.onOriginal(story);
      if (event.key !== "j" && event.key !== "k") return;
      const row = rows[targetOf(event.key, current, 1, rows.length) ?? -1];
      if (row) onSelect(row);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
