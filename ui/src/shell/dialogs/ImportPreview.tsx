import { useState } from "react";
import type { ImportPreviewDto, ImportRequest } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { Field, TextInput } from "../../widgets/Field";
import { Select } from "../../widgets/Select";
import { INTERVALS } from "./FetchDialog";

interface ImportPreviewProps {
  preview: ImportPreviewDto;
  busy: boolean;
  onOther: () => void;
  onStart: (request: ImportRequest) => void;
}

const HEAD = ["time", "open", "high", "low", "close", "volume"] as const;

/** What a file holds, and under which name it is to be stored. */
export function ImportPreview({ preview, busy, onOther, onStart }: ImportPreviewProps) {
  const all = useText();
  const text = all.data.importDialog;
  const format = useFormat();
  const [symbol, setSymbol] = useState(preview.symbol ?? "");
  const [interval, setInterval] = useState(preview.interval);
  const [venue, setVenue] = useState("csv");
  const ready = symbol.trim() !== "" && interval !== null && preview.candles > 0;
  return (
    <div className="grid gap-4">
      <p className="select-text truncate font-mono text-11 text-muted">{preview.path}</p>
      <dl className="grid grid-cols-[auto_auto_1fr] gap-x-6 text-12">
        {[
          [text.candles, format.count(preview.candles)],
          [text.rejected, format.count(preview.rejected)],
          [text.span, `${format.dateTime(preview.first)} → ${format.dateTime(preview.last)}`],
        ].map(([label, value]) => (
          <div key={label}>
            <dt className="text-11 text-faint">{label}</dt>
            <dd className="tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      <div className="grid grid-cols-3 gap-3">
        <Field label={text.symbol}>
          {({ id }) => (
            <TextInput
              id={id}
              value={symbol}
              onValue={(next) => setSymbol(next.toUpperCase())}
              data-testid="import-symbol"
            />
          )}
        </Field>
        <Field label={text.interval}>
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
      <div>
        <h3 className="mb-1 text-11 text-faint">{text.firstRows}</h3>
        <div className="overflow-x-auto rounded-md border border-line" role="region" aria-label={text.firstRows}>
          <table className="w-full text-right text-11 tabular-nums">
            <thead className="text-faint">
              <tr>
                {HEAD.map((name) => (
                  <th key={name} scope="col" className="h-6 px-2 font-normal">
                    {all.chart.tableColumns[name]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {preview.rows.slice(0, 5).map((row) => (
                <tr key={row.join()} className="border-line border-t">
                  {row.slice(0, HEAD.length).map((cell, index) => (
                    <td key={HEAD[index]} className="h-6 px-2">
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
      {preview.problems.length > 0 && (
        <div>
          <h3 className="mb-1 text-11 text-faint">{text.problems}</h3>
          <ul className="select-text text-12 text-warn">
            {preview.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </div>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onOther}>{text.other}</Button>
        <Button
          kind="primary"
          data-testid="import-start"
          disabled={!ready || busy}
          onClick={() =>
            interval !== null &&
            onStart({ path: preview.path, symbol: symbol.trim(), interval, venue: venue.trim() || null })
          }
        >
          {text.start(preview.candles)}
        </Button>
      </div>
    </div>
  );
}
