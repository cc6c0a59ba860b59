import { useMemo } from "react";
import type { ChartDto, SeriesDto } from "../../backend/bindings";
import { type Candle, candleAt } from "../../chart/points";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { type Column, DataTable } from "../../widgets/DataTable";

/** The chart's figures as a table, newest first: the twin of the drawing for those who cannot see it. */
export function ChartTable({ series, chart }: { series: SeriesDto; chart: ChartDto }) {
  const text = useText().chart.tableColumns;
  const format = useFormat();
  const rows = useMemo(
    () => chart.time.flatMap((_, bar) => candleAt(chart, chart.time.length - 1 - bar) ?? []),
    [chart],
  );
  const price = (id: "open" | "high" | "low" | "close"): Column<Candle> => ({
    id,
    header: text[id],
    width: "minmax(72px,120px)",
    align: "right",
    cell: (row) => format.number(row[id], series.priceDecimals),
  });
  const columns: readonly Column<Candle>[] = [
    {
      id: "time",
      header: `${text.time} (${format.zoneName(rows[0]?.time ?? 0)})`,
      width: "minmax(120px,1fr)",
      cell: (row) => format.dateTime(row.time),
    },
    price("open"),
    price("high"),
    price("low"),
    price("close"),
    {
      id: "volume",
      header: text.volume,
      width: "minmax(72px,120px)",
      align: "right",
      cell: (row) => format.amount(row.volume),
    },
  ];
  return (
    <DataTable
      label={`${series.symbol} ${series.interval}`}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.time}
      testId="chart-table"
    />
  );
}
