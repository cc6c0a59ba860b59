import { useQueryClient } from "@tanstack/react-query";
import { StickyNote } from "lucide-react";
import { useState } from "react";
import type { RunDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { keys } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";

interface RunNoteProps {
  run: RunDto;
  editing: boolean;
  onEditing: (editing: boolean) => void;
}

/** A few words kept with a run, changed where they stand: Enter keeps them, Escape leaves them as they were. */
export function RunNote({ run, editing, onEditing }: RunNoteProps) {
  const text = useText().backtest.runs;
  if (run.note === "" && !editing) return null;
  return (
    <div className="flex h-8 shrink-0 items-center gap-2 border-line border-b px-3 text-12" data-testid="note-line">
      <StickyNote className="size-3.5 shrink-0 text-faint" aria-hidden />
      {editing ? (
        <NoteInput run={run} onDone={() => onEditing(false)} />
      ) : (
        <button
          type="button"
          title={text.noteEdit}
          onClick={() => onEditing(true)}
          className="min-w-0 flex-1 select-text truncate rounded-sm text-left text-muted hover:text-fg"
        >
          {run.note}
        </button>
      )}
    </div>
  );
}

function NoteInput({ run, onDone }: { run: RunDto; onDone: () => void }) {
  const text = useText().backtest.runs;
  const client = useQueryClient();
  const [note, setNote] = useState(run.note);
  const save = useCommand((words: string) => answer(commands.setRunNote(run.id, words)));
  const keep = () => {
    const words = note.trim();
    if (words === run.note || save.isPending) return onDone();
    save.mutate(words, {
      onSuccess: async () => {
        await Promise.all([
          client.invalidateQueries({ queryKey: keys.runs }),
          client.invalidateQueries({ queryKey: keys.runOf(run.id) }),
        ]);
        onDone();
      },
    });
  };
  return (
    <input
      // biome-ignore lint/a11y/noAutofocus: the line was opened to write into it
      autoFocus
      aria-label={text.note}
      placeholder={text.noteAbout}
      maxLength={500}
      value={note}
      onChange={(event) => setNote(event.target.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === "Enter") keep();
        if (event.key === "Escape") {
          event.stopPropagation();
          onDone();
        }
      }}
      data-testid="note-text"
      className="h-6 min-w-0 flex-1 select-text rounded-sm bg-raised px-1.5 outline-none focus-visible:outline-2 focus-visible:outline-focus"
    />
  );
}
