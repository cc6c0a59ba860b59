import type { SpreadDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { PanelHead } from "../../widgets/PanelHead";

/** How the returns of the closed trades are spread. */
export function TradeSpread({ spread }: { spread: SpreadDto }) {
  const text = useText().backtest.spread;
  const format = useFormat();
  const [, low, , median, , high] = spread.quantiles;
  if (median === undefined) return null;
  const most = Math.max(...spread.counts);
  const lower = (index: number) => spread.from + index * spread.width;
  const ends = [lower(0), lower(spread.counts.length)];
  return (
    <section className="border-line border-t" data-testid="trade-spread">
      <PanelHead title={text.title} aside={text.median(format.change(median, 2))} />
      <div className="px-3 pt-3 pb-2.5">
        <div className="flex h-16 items-end gap-px" role="img" aria-label={text.about}>
          {spread.counts.map((count, index) => (
            <div
              key={lower(index)}
              title={text.cell(format.change(lower(index), 2), format.change(lower(index + 1), 2), count)}
              className="flex h-full min-w-0 flex-1 items-end hover:bg-hover"
            >
              <i
                className="block w-full rounded-t-[2px]"
                style={{
                  height: count === 0 ? 0 : `max(2px, ${(count / most) * 100}%)`,
                  background: `var(--color-${lower(index) < -spread.width / 2 ? "loss" : "gain"})`,
                }}
              />
            </div>
          ))}
        </div>
        <div className="flex justify-between border-line border-t pt-1 text-11 text-faint tabular-nums">
          <span>{format.change(ends[0] ?? 0, 1)}</span>
          <span>{text.middle(format.change(low ?? 0, 1), format.change(high ?? 0, 1))}</span>
          <span>{format.change(ends[1] ?? 0, 1)}</span>
        </div>
      </div>
    </section>
  );
}
