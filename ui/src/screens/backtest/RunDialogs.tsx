import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { RunDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { keys } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { Button } from "../../widgets/Button";
import { ConfirmDialog, Dialog } from "../../widgets/Dialog";
import { Field, TextInput } from "../../widgets/Field";
import { showDone } from "../../widgets/toast";

interface RunDialogProps {
  run: RunDto;
  name: string;
  onClose: () => void;
}

/** What is asked about a run. */
export interface RunQuestion {
  what: "note" | "delete";
  run: RunDto;
}

/** The dialog of a question about a run, while there is one. */
export function RunDialogs(props: {
  question: RunQuestion | null;
  nameOf: (run: RunDto) => string;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const { question, nameOf, onClose, onDeleted } = props;
  if (!question) return null;
  const dialog = { run: question.run, name: nameOf(question.run), onClose };
  return question.what === "note" ? <NoteDialog {...dialog} /> : <DeleteRunDialog {...dialog} onDeleted={onDeleted} />;
}

/** A few words kept with a run. */
function NoteDialog({ run, name, onClose }: RunDialogProps) {
  const all = useText();
  const text = all.backtest.runs;
  const client = useQueryClient();
  const [note, setNote] = useState(run.note);
  const save = useCommand((words: string) => answer(commands.setRunNote(run.id, words)));
  const submit = () =>
    save.mutate(note.trim(), {
      onSuccess: () => {
        void client.invalidateQueries({ queryKey: keys.runs });
        void client.invalidateQueries({ queryKey: keys.runOf(run.id) });
        onClose();
      },
    });
  return (
    <Dialog
      open
      onClose={onClose}
      title={name}
      testId="note-dialog"
      actions={
        <>
          <Button onClick={onClose}>{all.shell.states.cancel}</Button>
          <Button kind="primary" disabled={save.isPending} onClick={submit} data-testid="note-save">
            {text.noteSave}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field label={text.note} aside={text.noteAbout}>
          {({ id }) => (
            <TextInput id={id} value={note} onValue={setNote} maxLength={500} autoFocus data-testid="note-text" />
          )}
        </Field>
      </form>
    </Dialog>
  );
}

/** Asks before a run is deleted. */
function DeleteRunDialog({ run, name, onClose, onDeleted }: RunDialogProps & { onDeleted: () => void }) {
  const text = useText().backtest.runs;
  const client = useQueryClient();
  const remove = useCommand((id: number) => answer(commands.deleteRun(id)));
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={text.removeTitle(name)}
      about={text.removeBody}
      confirm={text.remove}
      onConfirm={() =>
        remove.mutate(run.id, {
          onSuccess: () => {
            showDone(text.removed);
            void client.invalidateQueries({ queryKey: keys.runs });
            onDeleted();
          },
        })
      }
    />
  );
}
