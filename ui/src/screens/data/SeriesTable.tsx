import { useMemo } from "react";
import type { SeriesDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { intervalMs } from "../../shell/paletteItems";
import { useFormat } from "../../useFormat";
import { type Column, DataTable } from "../../widgets/DataTable";
import { SampleBadge } from "../../widgets/Pill";
import { venueName } from "../chart/venueName";
import { storedShare } from "./filter";
import { RowCoverage } from "./RowCoverage";

interface SeriesTableProps {
  rows: readonly SeriesDto[];
  selected: number | null;
  onSelect: (series: SeriesDto) => void;
  onOpen: (series: SeriesDto) => void;
}

/** Every stored series with how much of it there is. */
export function SeriesTable({ rows, selected, onSelect, onOpen }: SeriesTableProps) {
  const text = useText();
  const format = useFormat();
  const columns = useMemo((): readonly Column<SeriesDto>[] => {
    const names = text.data.columns;
    return [
      {
        id: "symbol",
        header: names.symbol,
        width: "minmax(74px,1fr)",
        sortBy: (row) => row.symbol,
        cell: (row) => <span className="font-medium">{row.symbol}</span>,
      },
      {
        id: "interval",
        header: names.interval,
        width: "44px",
        sortBy: (row) => intervalMs(row.interval),
        cell: (row) => row.interval,
      },
      {
        id: "venue",
        header: names.venue,
        width: "minmax(122px,1.2fr)",
        sortBy: (row) => row.venue,
        cell: (row) =>
          row.simulated ? <SampleBadge /> : <span className="text-muted">{venueName(row.venue, text.chart)}</span>,
      },
      {
        id: "rows",
        header: names.rows,
        width: "56px",
        align: "right",
        sortBy: (row) => row.rows,
        cell: (row) => format.count(row.rows),
      },
      {
        id: "first",
        header: names.first,
        width: "minmax(82px,0.9fr)",
        align: "right",
        sortBy: (row) => row.first ?? 0,
        cell: (row) => format.date(row.first),
      },
      {
        id: "last",
        header: names.last,
        width: "minmax(120px,1fr)",
        align: "right",
        sortBy: (row) => row.last ?? 0,
        cell: (row) => format.dateTime(row.last),
      },
      {
        id: "gaps",
        header: names.gaps,
        width: "38px",
        align: "right",
        sortBy: (row) => row.gaps,
        // Only what can still be fetched asks for attention.
        cell: (row) => (
          <span className={row.pending > 0 ? "text-warn" : row.gaps > 0 ? "text-muted" : "text-faint"}>
            {format.count(row.gaps)}
          </span>
        ),
      },
      {
        id: "coverage",
        header: names.coverage,
        width: "minmax(82px,2fr)",
        sortBy: storedShare,
        cell: (row) => <RowCoverage series={row} />,
      },
    ];
  }, [text, format]);
  return (
    <DataTable
      label={text.data.title}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      selected={selected}
      onSelect={onSelect}
      onActivate={onOpen}
      testId="series-table"
      rowTestId="series-row"
    />
  );
}
