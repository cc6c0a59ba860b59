import type { OpenPositionDto, RunReportDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { seriesOfSymbol } from "../../runSymbols";
import { useFormat } from "../../useFormat";
import { Popover } from "../../widgets/Popover";

interface OpenPositionsProps {
  report: RunReportDto;
  decimals: (symbol: string | null) => number;
  onOpen: (position: OpenPositionDto) => void;
}

/** How many positions are open at the last bar, and on demand which. */
export function OpenPositions({ report: { run, openPositions }, decimals, onOpen }: OpenPositionsProps) {
  const text = useText().backtest.trades;
  const format = useFormat();
  const title = text.open(openPositions.length);
  return (
    <Popover
      label={title}
      testId="open-positions"
      className="max-h-80 overflow-y-auto p-2"
      trigger={
        <button
          type="button"
          className="rounded-sm underline underline-offset-2 hover:text-fg"
          data-testid="open-positions-open"
        >
          {title}
        </button>
      }
    >
      <table className="text-12 tabular-nums">
        <thead>
          <tr className="h-6 text-11 text-faint [&>th]:px-2 [&>th]:font-normal">
            <th scope="col" className="text-left">
              {text.symbol}
            </th>
            <th scope="col" className="text-left">
              {text.entryTime}
            </th>
            <th scope="col" className="text-right">
              {text.entryPrice}
            </th>
            <th scope="col" className="text-right">
              {text.size}
            </th>
          </tr>
        </thead>
        <tbody>
          {openPositions.map((position) => {
            const symbol = position.symbol ?? run.symbol;
            const gone = seriesOfSymbol(run, position.symbol) === null;
            return (
              <tr
                key={`${symbol}-${position.entryTime}`}
                className="h-7 hover:bg-hover [&>td]:px-2"
                data-testid="open-position"
              >
                <td>
                  <button
                    type="button"
                    disabled={gone}
                    title={gone ? text.seriesGone : text.openPositionHint}
                    onClick={() => onOpen(position)}
                    className="rounded-sm font-medium enabled:hover:underline"
                  >
                    {symbol}
                  </button>
                </td>
                <td>{format.dateTime(position.entryTime)}</td>
                <td className="text-right">{format.number(position.entryPrice, decimals(position.symbol))}</td>
                <td className="text-right">{format.number(position.size, 4)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Popover>
  );
}
