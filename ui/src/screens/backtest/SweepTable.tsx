import { clsx } from "clsx";
import { useMemo } from "react";
import type { SweepFiguresDto, SweepReportDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { type Column, DataTable } from "../../widgets/DataTable";
import { type IndexedRow, ranked } from "./sweepRows";

interface SweepTableProps {
  report: SweepReportDto;
  selected: number;
  onSelect: (row: number) => void;
  /** Enter or a double click. */
  onOpen: ((row: number) => void) | null;
}

const LOWEST = Number.NEGATIVE_INFINITY;

/** Every run of a sweep, the best Sharpe ratio first until a header sorts otherwise. */
export function SweepTable({ report, selected, onSelect, onOpen }: SweepTableProps) {
  const text = useText().sweep.table;
  const format = useFormat();
  const { axes } = report.sweep;
  const rows = useMemo(() => ranked(report.rows), [report.rows]);
  const columns = useMemo((): Column<IndexedRow>[] => {
    const figure = (
      id: keyof typeof text.columns,
      pick: (figures: SweepFiguresDto) => number | null,
      shown: (value: number | null) => string,
      coloured = false,
    ): Column<IndexedRow> => ({
      id,
      header: text.columns[id].name,
      about: text.columns[id].about,
      width: "minmax(64px,1fr)",
      align: "right",
      cell: ({ row }) => {
        const value = row.figures ? pick(row.figures) : null;
        const tone = coloured && value !== null && value !== 0 ? (value < 0 ? "text-loss" : "text-gain") : "";
        return <span className={clsx(tone)}>{shown(value)}</span>;
      },
      sortBy: ({ row }) => (row.figures ? pick(row.figures) : null) ?? LOWEST,
    });
    const parameters = axes.map(
      (name, at): Column<IndexedRow> => ({
        id: `axis-${name}`,
        header: name,
        about: text.axis(name),
        width: "minmax(56px,0.8fr)",
        align: "right",
        cell: ({ row }) => <span className="font-medium">{row.values[at]}</span>,
        sortBy: ({ row }) => row.values[at] ?? LOWEST,
      }),
    );
    const problem: Column<IndexedRow> = {
      id: "problem",
      header: text.problem,
      width: "minmax(0,3fr)",
      cell: ({ row }) => (
        <span className="text-warn" title={row.problem ?? ""}>
          {row.problem}
        </span>
      ),
    };
    return [
      ...parameters,
      figure(
        "return",
        (of) => of.totalReturn,
        (value) => format.change(value, 1),
        true,
      ),
      figure(
        "sharpe",
        (of) => of.sharpe,
        (value) => format.number(value, 2),
      ),
      figure(
        "sortino",
        (of) => of.sortino,
        (value) => format.number(value, 2),
      ),
      figure(
        "drawdown",
        (of) => of.maxDrawdown,
        (value) => format.percent(value),
      ),
      figure(
        "trades",
        (of) => of.trades,
        (value) => format.number(value, 0),
      ),
      figure(
        "winRate",
        (of) => of.winRate,
        (value) => format.percent(value),
      ),
      figure(
        "profitFactor",
        (of) => of.profitFactor,
        (value) => format.number(value, 2),
      ),
      ...(report.rows.some((row) => row.problem !== null) ? [problem] : []),
    ];
  }, [text, format, axes, report.rows]);
  return (
    <DataTable
      label={text.title}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.index}
      selected={selected}
      onSelect={(row) => onSelect(row.index)}
      onActivate={(row) => onOpen?.(row.index)}
      testId="sweep-table"
      rowTestId="sweep-row"
    />
  );
}
