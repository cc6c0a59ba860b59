import { useState } from "react";
import type { ColumnChoiceDto, ImportPreviewDto, ImportRequest } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { Field, TextInput } from "../../widgets/Field";
import { Select } from "../../widgets/Select";
import { ImportColumns } from "./ImportColumns";
import { INTERVALS } from "./intervals";
import { RejectedRows } from "./RejectedRows";

interface ImportPreviewProps {
  preview: ImportPreviewDto;
  map: readonly ColumnChoiceDto[];
  busy: boolean;
  onMap: (map: ColumnChoiceDto[]) => void;
  onOther: () => void;
  onStart: (request: ImportRequest) => void;
}

/** What a file holds, what its columns mean, and under which name it is to be stored. */
export function ImportPreview({ preview, map, busy, onMap, onOther, onStart }: ImportPreviewProps) {
  const text = useText().data.importDialog;
  const format = useFormat();
  const [symbol, setSymbol] = useState(preview.symbol ?? "");
  const [chosen, setInterval] = useState<string | null>(null);
  const [venue, setVenue] = useState(preview.venue ?? "csv");
  // The times of a file can be read only once their column is known: the guess may come later than the file.
  const interval = chosen ?? preview.interval;
  const missing = preview.missing.map((field) => text.fields[field]);
  const ready = symbol.trim() !== "" && interval !== null && preview.candles > 0 && missing.length === 0;
  const figures = [
    [text.candles, format.count(preview.candles)],
    [text.rejected, format.count(preview.rejected)],
    [text.span, `${format.dateTime(preview.first)} → ${format.dateTime(preview.last)}`],
  ];
  return (
    <div className="grid gap-4">
      <p className="select-text truncate font-mono text-11 text-muted">{preview.path}</p>
      <ImportColumns preview={preview} map={map} onMap={onMap} />
      {missing.length > 0 && (
        <p role="status" className="text-12 text-warn" data-testid="import-missing">
          {text.missing(missing.join(", "))}
        </p>
      )}
      <div className="grid grid-cols-3 gap-3">
        <Field label={text.symbol} {...(preview.symbol === symbol && symbol !== "" ? { aside: text.guessed } : {})}>
          {({ id }) => (
            <TextInput
              id={id}
              value={symbol}
              placeholder="BTCUSDT"
              onValue={(next) => setSymbol(next.toUpperCase())}
              data-testid="import-symbol"
            />
          )}
        </Field>
        <Field label={text.interval} {...(chosen === null && interval !== null ? { aside: text.guessed } : {})}>
          {({ id }) => (
            <Select
              id={id}
              labelledBy={`${id}-label`}
              value={interval}
              onChange={setInterval}
              options={INTERVALS.map((one) => ({ value: one, label: one }))}
            />
          )}
        </Field>
        <Field label={text.venue} aside={text.venueHint}>
          {({ id }) => <TextInput id={id} value={venue} onValue={setVenue} />}
        </Field>
      </div>
      <dl className="grid grid-cols-[auto_auto_1fr] gap-x-6 text-12" hidden={missing.length > 0}>
        {figures.map(([label, value]) => (
          <div key={label}>
            <dt className="text-11 text-faint">{label}</dt>
            <dd className="tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      {preview.rejected > 0 && <RejectedRows rejected={preview.rejected} problems={preview.problems} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onOther}>{text.other}</Button>
        <Button
          kind="primary"
          data-testid="import-start"
          disabled={!ready || busy}
          onClick={() =>
            interval !== null &&
            onStart({
              path: preview.path,
              symbol: symbol.trim(),
              interval,
              venue: venue.trim() || null,
              format: preview.format,
              map: [...map],
            })
          }
        >
          {preview.candles > 0 ? text.start(preview.candles) : text.startNone}
        </Button>
      </div>
    </div>
  );
}
