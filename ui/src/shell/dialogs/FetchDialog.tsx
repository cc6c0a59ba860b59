import { useState } from "react";
import type { FetchRequest } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { useNow } from "../../useNow";
import { Button } from "../../widgets/Button";
import { Dialog } from "../../widgets/Dialog";
import { Field, TextInput } from "../../widgets/Field";
import { Segmented } from "../../widgets/Segmented";
import { Select } from "../../widgets/Select";
import { showNote } from "../../widgets/toast";
import { closeDialog, useWindowState } from "../windowState";
import { SymbolSearch } from "./SymbolSearch";
import { parseDate, type SpanChoice, spanOf } from "./span";

/** The exchange's candle lengths that are of use here. */
export const INTERVALS = [
  "1m",
  "3m",
  "5m",
  "15m",
  "30m",
  "1h",
  "2h",
  "4h",
  "6h",
  "8h",
  "12h",
  "1d",
  "3d",
  "1w",
  "1M",
] as const;

/** Which history to fetch from the exchange. */
export function FetchDialog() {
  const text = useText().data.fetchDialog;
  const start = useWindowState((state) => state.fetchStart);
  const [symbol, setSymbol] = useState(start?.symbol ?? "");
  const [interval, setInterval] = useState<string>(start?.interval ?? "1h");
  const [choice, setChoice] = useState<SpanChoice>("year");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const now = useNow(60_000);
  const span = spanOf(choice, now, from, to);
  const fetch = useCommand((request: FetchRequest) => answer(commands.fetchHistory(request)));
  const ready = symbol.trim() !== "" && span !== null;
  const submit = () => {
    if (!span || !ready) return;
    fetch.mutate(
      { symbol: symbol.trim(), interval, from: Math.round(span.from), to: span.to },
      {
        onSuccess: () => {
          showNote(text.started(symbol));
          closeDialog();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onClose={closeDialog}
      title={text.title}
      about={text.about}
      testId="fetch-dialog"
      actions={
        <Button kind="primary" disabled={!ready || fetch.isPending} onClick={submit} data-testid="fetch-start">
          {text.start}
        </Button>
      }
    >
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field label={text.symbol}>{({ id }) => <SymbolSearch id={id} value={symbol} onValue={setSymbol} />}</Field>
        <Field label={text.interval}>
          {({ id }) => (
            <Select
              labelledBy={`${id}-label`}
              id={id}
              value={interval}
              onChange={setInterval}
              options={INTERVALS.map((one) => ({ value: one, label: one }))}
              testId="fetch-interval"
            />
          )}
        </Field>
        <div className="grid gap-1">
          <span className="text-12 text-muted">{text.span}</span>
          <Segmented
            wide
            label={text.span}
            value={choice}
            onChange={setChoice}
            choices={[
              { value: "month", label: text.spans.month },
              { value: "year", label: text.spans.year },
              { value: "all", label: text.spans.all },
              { value: "custom", label: text.spans.custom },
            ]}
          />
        </div>
        {choice === "custom" && (
          <div className="grid grid-cols-2 gap-3">
            <Field label={text.from} error={from !== "" && parseDate(from) === null ? text.badDate : null}>
              {({ id, describedBy, invalid }) => (
                <TextInput
                  id={id}
                  value={from}
                  onValue={setFrom}
                  placeholder="2023-01-01"
                  describedBy={describedBy}
                  invalid={invalid}
                />
              )}
            </Field>
            <Field
              label={text.to}
              aside={text.toHint}
              error={to !== "" && parseDate(to) === null ? text.badDate : null}
            >
              {({ id, describedBy, invalid }) => (
                <TextInput
                  id={id}
                  value={to}
                  onValue={setTo}
                  placeholder="2024-01-31"
                  describedBy={describedBy}
                  invalid={invalid}
                />
              )}
            </Field>
          </div>
        )}
        <button type="submit" className="hidden" tabIndex={-1} aria-hidden />
      </form>
    </Dialog>
  );
}
