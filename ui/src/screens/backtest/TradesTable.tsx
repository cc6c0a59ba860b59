import { clsx } from "clsx";
import { useMemo } from "react";
import type { TradeDto } from "../../backend/bindings";
import { type Catalogue, useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { type Column, DataTable } from "../../widgets/DataTable";

interface Row {
  index: number;
  trade: TradeDto;
}

interface TradesTableProps {
  trades: readonly TradeDto[];
  /** Decimals of the prices of a symbol; of the run's first where none is said. */
  decimals: (symbol: string | null) => number;
  selected: number | null;
  onSelect: (index: number) => void;
  /** A click or Enter. */
  onOpen: (trade: TradeDto) => void;
}

function reasonText(reason: string, text: Catalogue["backtest"]["trades"]): string {
  const reasons: Record<string, string> = text.reasons;
  return reasons[reason] ?? reason;
}

const signColour = (value: number) => (value < 0 ? "text-loss" : value > 0 ? "text-gain" : "");

/** Closed trades, the newest first. */
export function TradesTable({ trades, decimals, selected, onSelect, onOpen }: TradesTableProps) {
  const text = useText().backtest.trades;
  const format = useFormat();
  const rows = useMemo(() => trades.map((trade, index) => ({ index, trade })).reverse(), [trades]);
  const several = trades.some(({ symbol }) => symbol !== null);
  const columns = useMemo((): Column<Row>[] => {
    const right = "right" as const;
    const coloured = (value: number, shown: string) => <span className={clsx(signColour(value))}>{shown}</span>;
    const symbol: Column<Row> = {
      id: "symbol",
      header: text.symbol,
      about: text.about.symbol,
      width: "84px",
      cell: ({ trade }) => <span className="block truncate font-medium">{trade.symbol}</span>,
      sortBy: ({ trade }) => trade.symbol ?? "",
    };
    // On several symbols every trade is long and ends by the ranks: those columns would say nothing.
    const side: Column<Row> = {
      id: "side",
      header: text.side,
      about: text.about.side,
      width: "36px",
      cell: ({ trade }) => (trade.short ? text.sides.short : text.sides.long),
    };
    const reason: Column<Row> = {
      id: "reason",
      header: text.reason,
      about: text.about.reason,
      width: "72px",
      cell: ({ trade }) => <span className="text-faint">{reasonText(trade.reason, text)}</span>,
    };
    return [
      ...(several ? [symbol] : []),
      {
        id: "entry",
        header: text.entryTime,
        about: text.about.entry,
        width: "122px",
        cell: ({ trade }) => <span className="tabular-nums">{format.dateTime(trade.entryTime)}</span>,
        sortBy: ({ trade }) => trade.entryTime,
      },
      {
        id: "exit",
        header: text.exitTime,
        about: text.about.exit,
        width: "122px",
        cell: ({ trade }) => <span className="tabular-nums">{format.dateTime(trade.exitTime)}</span>,
        sortBy: ({ trade }) => trade.exitTime,
      },
      ...(several ? [] : [side]),
      {
        id: "entryPrice",
        header: text.entryPrice,
        about: text.about.entryPrice,
        width: "minmax(66px,1fr)",
        align: right,
        cell: ({ trade }) => format.number(trade.entryPrice, decimals(trade.symbol)),
      },
      {
        id: "exitPrice",
        header: text.exitPrice,
        about: text.about.exitPrice,
        width: "minmax(66px,1fr)",
        align: right,
        cell: ({ trade }) => format.number(trade.exitPrice, decimals(trade.symbol)),
      },
      {
        id: "pnl",
        header: text.pnl,
        about: text.about.pnl,
        width: "minmax(70px,1fr)",
        align: right,
        cell: ({ trade }) => coloured(trade.pnl, format.signed(trade.pnl, 2)),
        sortBy: ({ trade }) => trade.pnl,
      },
      {
        id: "return",
        header: text.return,
        about: text.about.return,
        width: "60px",
        align: right,
        cell: ({ trade }) => coloured(trade.returnPct, format.change(trade.returnPct)),
        sortBy: ({ trade }) => trade.returnPct,
      },
      ...(several ? [] : [reason]),
    ];
  }, [text, format, decimals, several]);
  return (
    <DataTable
      label={text.title}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.index}
      selected={selected}
      onSelect={(row) => onSelect(row.index)}
      onRowClick={(row) => onOpen(row.trade)}
      onActivate={(row) => onOpen(row.trade)}
      testId="trades-table"
      rowTestId="trade-row"
    />
  );
}
