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
import { FoundFeeds } from "./FoundFeeds";
import { addressFault } from "./sourceHealth";

/** Looks for the feeds behind an address, shows what they list, and adds the chosen one. */
export function AddSourceDialog({ onClose }: { onClose: () => void }) {
  const all = useText();
  const text = all.news.addSource;
  const client = useQueryClient();
  const [address, setAddress] = useState("");
  const [url, setUrl] = useState<string | null>(null);
  const [what, setWhat] = useState<"full" | "headlines">("headlines");
  const [tried, setTried] = useState(false);
  const look = useCommand((site: string) => answer(commands.discoverFeeds(site)), { quiet: true });
  const add = useCommand((feed: string) => answer(commands.addSource(feed, what === "full")), { quiet: true });
  const fault = addressFault(address);
  const found = look.data ?? null;
  const submit = () => {
    setTried(true);
    if (fault !== null || look.isPending || add.isPending) return;
    if (found === null) {
      look.mutate(address.trim(), { onSuccess: (feeds) => setUrl(feeds.find(({ known }) => !known)?.url ?? null) });
      return;
    }
    if (url === null) return;
    add.mutate(url, {
      onSuccess: (source) => {
        showDone(text.added(source.title));
        void client.invalidateQueries({ queryKey: keys.sources });
        onClose();
      },
    });
  };
  const problem = look.error ?? add.error;
  const refused = problem ? explain(problemOf(problem), all) : null;
  const error = tried && fault !== null ? text[fault] : refused ? `${refused.cause}. ${refused.advice}` : null;
  return (
    <Dialog
      open
      onClose={onClose}
      title={text.title}
      about={text.about}
      width={found === null ? "normal" : "wide"}
      testId="add-source-dialog"
      actions={
        <>
          <Button onClick={onClose}>{all.shell.states.cancel}</Button>
          {found === null ? (
            <Button kind="primary" disabled={look.isPending} onClick={submit} data-testid="source-look">
              {look.isPending ? text.looking : text.look}
            </Button>
          ) : (
            <Button kind="primary" disabled={add.isPending || url === null} onClick={submit} data-testid="source-save">
              {add.isPending ? text.adding : text.save}
            </Button>
          )}
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
        <Field label={text.url} aside={text.urlHint} error={error}>
          {({ id, describedBy, invalid }) => (
            <TextInput
              id={id}
              value={address}
              onValue={(next) => {
                setAddress(next);
                setUrl(null);
                look.reset();
                add.reset();
              }}
              autoFocus
              placeholder="example.org"
              describedBy={describedBy}
              invalid={invalid}
              data-testid="source-url"
            />
          )}
        </Field>
        {found !== null && (
          <>
            <FoundFeeds feeds={found} chosen={url} onChoose={setUrl} />
            <div className="grid gap-1">
              <span className="text-12 text-muted">{text.what}</span>
              <Segmented
                wide
                label={text.what}
                value={what}
                onChange={setWhat}
                choices={[
                  { value: "headlines", label: text.headlines },
                  { value: "full", label: text.full, testId: "add-full" },
                ]}
              />
              <p className="text-11 text-faint">{what === "full" ? text.fullAbout : text.headlinesAbout}</p>
            </div>
          </>
        )}
      </form>
    </Dialog>
  );
}
