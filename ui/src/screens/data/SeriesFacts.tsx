import type { ReactNode } from "react";
import type { LedgerDto, SeriesDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex h-6 items-center gap-3">
      <dt className="shrink-0 text-muted">{label}</dt>
      <dd className="ml-auto select-text truncate tabular-nums">{children}</dd>
    </div>
  );
}

/** The figures of a series. */
export function SeriesFacts({ series, ledger }: { series: SeriesDto; ledger: LedgerDto }) {
  const text = useText().data.detail;
  const format = useFormat();
  return (
    <dl className="px-3 py-1 text-12">
      <Line label={text.span}>
        {format.dateTime(series.first)} → {format.dateTime(series.last)}
      </Line>
      {ledger.wantedFrom !== null && <Line label={text.wanted}>{format.dateTime(ledger.wantedFrom)}</Line>}
      <Line label={text.rows}>{format.count(series.rows)}</Line>
      <Line label={text.size}>{format.bytes(ledger.bytes)}</Line>
      <Line label={text.corrections}>{format.count(ledger.corrections)}</Line>
      <Line label={text.price}>{format.number(series.lastPrice, series.priceDecimals)}</Line>
    </dl>
  );
}
