// Where the panes of the drawing are, so that words can stand on them. Panes move when they are resized by hand, with the
// window, and as others come and go.

export interface PanePlace {
  pane: string;
  /** Pixels below the top of the drawing. */
  top: number;
  height: number;
}

export interface PaneWatch {
  /** Panes came, went or changed their order. */
  refresh(): void;
  stop(): void;
}

/** Tells the places of the panes, whenever one of them changes. */
export function watchPanes(
  host: HTMLElement,
  panes: () => readonly { pane: string; element: HTMLElement | null }[],
  onPlaces: (places: readonly PanePlace[]) => void,
): PaneWatch {
  let told = "";
  let frame = 0;
  const measure = () => {
    const top = host.getBoundingClientRect().top;
    const places = panes().flatMap(({ pane, element }) => {
      if (!element?.isConnected) return [];
      const box = element.getBoundingClientRect();
      return [{ pane, top: Math.round(box.top - top), height: Math.round(box.height) }];
    });
    const words = JSON.stringify(places);
    if (words === told) return;
    told = words;
    onPlaces(places);
  };
  const observer = new ResizeObserver(measure);
  const refresh = () => {
    cancelAnimationFrame(frame);
    // The drawing makes the elements of new panes in a frame of its own.
    frame = requestAnimationFrame(() => {
      observer.disconnect();
      observer.observe(host);
      for (const { element } of panes()) if (element) observer.observe(element);
      measure();
    });
  };
  return {
    refresh,
    stop() {
      cancelAnimationFrame(frame);
      observer.disconnect();
    },
  };
}
