// Dragging rows of a list to another place. By pointer events: a web view may keep the platform's own drag and drop to
// itself for files.
import { type PointerEvent, useEffect, useRef, useState } from "react";
import { placeOf } from "./order";

/** Below this the pointer was only pressed. */
const THRESHOLD = 5;

export interface Drag {
  /** The row that is dragged. */
  from: number;
  /** Where it would be dropped. */
  to: number;
}

export function useDragOrder(count: number, rowHeight: number, onDrop: (from: number, to: number) => void) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const start = useRef<{ index: number; y: number } | null>(null);
  const current = useRef<Drag | null>(null);
  const dropped = useRef(onDrop);
  dropped.current = onDrop;

  useEffect(() => {
    const show = (next: Drag | null) => {
      current.current = next;
      setDrag(next);
    };
    const onMove = (event: globalThis.PointerEvent) => {
      const from = start.current;
      if (!from) return;
      const dy = event.clientY - from.y;
      if (!current.current && Math.abs(dy) < THRESHOLD) return;
      const to = placeOf(from.index, dy, rowHeight, count);
      if (current.current?.to !== to || current.current.from !== from.index) show({ from: from.index, to });
    };
    const onUp = () => {
      const done = current.current;
      start.current = null;
      if (!done) return;
      show(null);
      if (done.from !== done.to) dropped.current(done.from, done.to);
      // The click that follows a drag chooses nothing.
      const swallow = (event: MouseEvent) => event.stopPropagation();
      window.addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => window.removeEventListener("click", swallow, true), 0);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !current.current) return;
      start.current = null;
      show(null);
    };
    window.addEventListener("pointermove", onMove);
    window.addEventListener("pointerup", onUp);
    window.addEventListener("pointercancel", onUp);
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("pointermove", onMove);
      window.removeEventListener("pointerup", onUp);
      window.removeEventListener("pointercancel", onUp);
      window.removeEventListener("keydown", onKey);
    };
  }, [count, rowHeight]);

  const onPointerDown = (index: number) => (event: PointerEvent) => {
    if (event.button === 0 && event.pointerType !== "touch") start.current = { index, y: event.clientY };
  };
  return { drag, onPointerDown };
}
