import { useState } from "react";
import type { ArticleDto } from "../../backend/bindings";
import { answer, commands, problemOf } from "../../backend/client";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { Button } from "../../widgets/Button";
import { Dialog } from "../../widgets/Dialog";
import { explain } from "../../widgets/ErrorView";
import { Field } from "../../widgets/Field";

/** Asks for the text as it should be, and has a test case of it and the page written for those who mend the rules. */
export function WrongTextDialog({ article, onClose }: { article: ArticleDto; onClose: () => void }) {
  const all = useText();
  const text = all.news.reader.wrongText;
  const { row, paragraphs } = article;
  const [right, setRight] = useState(paragraphs.join("\n\n"));
  const report = useCommand((words: string) => answer(commands.reportWrongText(row.id, words)), { quiet: true });
  const show = useCommand(() => answer(commands.openFolder("reports")));
  const refused = report.error ? explain(problemOf(report.error), all) : null;
  const written = report.data;
  return (
    <Dialog
      open
      onClose={onClose}
      title={text.title}
      about={text.about}
      width="wide"
      testId="wrong-text-dialog"
      actions={
        written === undefined ? (
          <>
            <Button onClick={onClose}>{all.shell.states.cancel}</Button>
            <Button
              kind="primary"
              disabled={report.isPending || right.trim() === ""}
              onClick={() => report.mutate(right)}
              data-testid="wrong-text-write"
            >
              {report.isPending ? text.writing : text.write}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={() => show.mutate(undefined)}>{text.showFolder}</Button>
            <Button kind="primary" onClick={onClose}>
              {all.shell.states.close}
            </Button>
          </>
        )
      }
    >
      {written === undefined ? (
        <Field label={text.right} aside={text.hint} error={refused && `${refused.cause}. ${refused.advice}`}>
          {({ id, describedBy, invalid }) => (
            <textarea
              id={id}
              rows={12}
              value={right}
              onChange={(event) => setRight(event.target.value)}
              aria-describedby={describedBy}
              aria-invalid={invalid || undefined}
              data-testid="wrong-text-right"
              className="w-full select-text resize-none rounded-md border border-edge bg-raised p-2 text-13 leading-[20px] focus-visible:outline-2 focus-visible:-outline-offset-1 focus-visible:outline-focus"
            />
          )}
        </Field>
      ) : (
        <div role="status" className="grid gap-2 text-12 text-muted" data-testid="wrong-text-written">
          <p>{text.written}</p>
          <p className="select-text break-all rounded-sm bg-raised p-2 font-mono text-11 text-fg">{written}</p>
        </div>
      )}
    </Dialog>
  );
}
