import { useQuery } from "@tanstack/react-query";
import type { SeriesDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { List, ListRow } from "../../widgets/List";
import { PanelHead } from "../../widgets/PanelHead";
import { FILTERS, type Filter, matches } from "./filter";

/** Kinds of series with their counts, and the size of the store. */
export function FilterList({
  all,
  filter,
  onFilter,
}: {
  all: readonly SeriesDto[];
  filter: Filter;
  onFilter: (filter: Filter) => void;
}) {
  const text = useText().data;
  const format = useFormat();
  const status = useQuery(queries.status()).data;
  const totals: readonly (readonly [string, string])[] = [
    [text.totals.size, status ? format.bytes(status.storeBytes) : "…"],
    [text.totals.series, format.count(all.length)],
    [text.totals.candles, format.count(all.reduce((sum, one) => sum + one.rows, 0))],
    [text.totals.pending, format.count(all.reduce((sum, one) => sum + one.pending, 0))],
  ];
  return (
    <>
      <PanelHead title={text.filters.title} />
      <List label={text.filters.title} className="py-1">
        {FILTERS.map((one) => (
          <ListRow key={one} current={one === filter} onClick={() => onFilter(one)}>
            <span className="font-medium">{text.filters[one]}</span>
            <span className="text-faint tabular-nums">
              {format.count(all.filter((series) => matches(series, one)).length)}
            </span>
          </ListRow>
        ))}
      </List>
      <div className="border-line border-t">
        <PanelHead title={text.totals.title} />
        <dl className="py-1 text-12">
          {totals.map(([label, value]) => (
            <div key={label} className="flex h-7 items-center px-3">
              <dt className="text-muted">{label}</dt>
              <dd className="ml-auto tabular-nums">{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </>
  );
}
