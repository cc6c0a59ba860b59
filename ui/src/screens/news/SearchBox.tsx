import { Search, X } from "lucide-react";
import { type Ref, useEffect, useState } from "react";
import { useText } from "../../i18n/text";
import { Keys } from "../../widgets/Keys";

/** How long typing rests before the words are looked for. */
const REST_MS = 200;

interface SearchBoxProps {
  value: string;
  onValue: (value: string) => void;
  /** Escape in an empty box. */
  onLeave: () => void;
  ref: Ref<HTMLInputElement>;
}

/** Words to look for in the full text. */
export function SearchBox({ value, onValue, onLeave, ref }: SearchBoxProps) {
  const text = useText().news;
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onValue(typed), REST_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onValue]);
  return (
    <div className="flex h-6 w-full max-w-64 items-center gap-1.5 rounded-md border border-line bg-raised px-1.5 text-12 focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-focus">
      <Search className="size-3.5 shrink-0 text-faint" aria-hidden />
      <input
        ref={ref}
        type="text"
        role="searchbox"
        aria-label={text.search}
        placeholder={text.search}
        data-testid="news-search"
        value={typed}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            onValue(typed);
            onLeave();
          }
          if (event.key !== "Escape") return;
          if (typed === "") onLeave();
          setTyped("");
          onValue("");
        }}
        className="min-w-0 flex-1 select-text bg-transparent outline-none"
      />
      {typed === "" ? (
        <Keys of="/" />
      ) : (
        <button
          type="button"
          aria-label={text.clearSearch}
          onClick={() => {
            setTyped("");
            onValue("");
          }}
          className="grid size-4 place-items-center rounded-sm text-faint hover:text-fg"
        >
          <X className="size-3" aria-hidden />
        </button>
      )}
    </div>
  );
}
