import { useState } from "react";
import type { StrategyDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { Button } from "../../widgets/Button";
import { Dialog } from "../../widgets/Dialog";
import { Field, TextInput } from "../../widgets/Field";
import { freeName, nameFault } from "./scriptName";

interface SaveAsDialogProps {
  strategy: StrategyDto;
  strategies: readonly StrategyDto[];
  busy: boolean;
  onSave: (id: string) => void;
  onClose: () => void;
}

/** Under which name a script is kept as one's own. */
export function SaveAsDialog({ strategy, strategies, busy, onSave, onClose }: SaveAsDialogProps) {
  const all = useText();
  const text = all.backtest.script;
  const [id, setId] = useState(() => freeName(strategy.id, strategies));
  const fault = nameFault(id, strategies);
  const replaces = strategies.some((one) => one.id === id && !one.builtin);
  const submit = () => {
    if (fault === null && !busy) onSave(id);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={text.saveTitle}
      about={text.saveAbout}
      testId="save-as-dialog"
      actions={
        <>
          <Button onClick={onClose}>{all.shell.states.cancel}</Button>
          <Button kind="primary" disabled={fault !== null || busy} onClick={submit} data-testid="strategy-save">
            {text.save}
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
        <Field
          label={text.id}
          aside={text.idHint}
          error={fault !== null ? text.idFaults[fault] : replaces ? text.idFaults.exists : null}
        >
          {({ id: field, describedBy, invalid }) => (
            <TextInput
              id={field}
              value={id}
              onValue={setId}
              autoFocus
              describedBy={describedBy}
              invalid={invalid}
              data-testid="strategy-id"
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
