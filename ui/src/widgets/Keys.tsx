const isMac = /mac/i.test(navigator.userAgent);

/** Keys of a shortcut: "Mod+K" is Ctrl K, or ⌘ K on a Mac. */
export function Keys({ of }: { of: string }) {
  return (
    <kbd className="shrink-0 whitespace-nowrap rounded-sm border border-edge px-1 font-sans text-11 font-medium leading-4 text-muted">
      {of.replace("Mod", isMac ? "⌘" : "Ctrl").replaceAll("+", " ")}
    </kbd>
  );
}
