import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, commands, problemOf } from "../../backend/client";
import { keys } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { Button } from "../../widgets/Button";
import { Dialog } from "../../widgets/Dialog";
import { explain } from "../../widgets/ErrorView";
import { Field, TextInput } from "../../widgets/Field";
import { Segmented } from "../../widgets/Segmented";
import { showDone } from "../../widgets/toast";
import { addressFault } from "./sourceHealth";

/** Asks for a feed's address; the program reads it once before it is added. */
export function AddSourceDialog({ onClose }: { onClose: () => void }) {
  const all = useText();
  const text = all.news.addSource;
  const client = useQueryClient();
  const [url, setUrl] = useState("");
  const [what, setWhat] = useState<"full" | "headlines">("full");
  const [tried, setTried] = useState(false);
  const add = useCommand((address: string) => answer(commands.addSource(address, what === "full")), { quiet: true });
  const fault = addressFault(url);
  const submit = () => {
    setTried(true);
    if (fault !== null || add.isPending) return;
    add.mutate(url.trim(), {
      onSuccess: (source) => {
        showDone(text.added(source.title));
        void client.invalidateQueries({ queryKey: keys.sources });
        onClose();
      },
    });
  };
  const refused = add.error ? explain(problemOf(add.error), all) : null;
  const error = tried && fault !== null ? text[fault] : refused ? `${refused.cause}. ${refused.advice}` : null;
  return (
    <Dialog
      open
      onClose={onClose}
      title={text.title}
      about={text.about}
      testId="add-source-dialog"
      actions={
        <>
          <Button onClick={onClose}>{all.shell.states.cancel}</Button>
          <Button kind="primary" disabled={add.isPending} onClick={submit} data-testid="source-save">
            {add.isPending ? text.checking : text.save}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field label={text.url} aside="RSS, Atom" error={error}>
          {({ id, describedBy, invalid }) => (
            <TextInput
              id={id}
              value={url}
              onValue={(next) => {
                setUrl(next);
                add.reset();
              }}
              autoFocus
              placeholder="https://example.org/feed.xml"
              describedBy={describedBy}
              invalid={invalid}
              data-testid="source-url"
            />
          )}
        </Field>
        <div className="grid gap-1">
          <span className="text-12 text-muted">{text.what}</span>
          <Segmented
            wide
            label={text.what}
            value={what}
            onChange={setWhat}
            choices={[
              { value: "full", label: text.full },
              { value: "headlines", label: text.headlines },
            ]}
          />
          <p className="text-11 text-faint">{what === "full" ? text.fullAbout : text.headlinesAbout}</p>
        </div>
      </form>
    </Dialog>
  );
}
