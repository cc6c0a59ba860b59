import { useState } from "react";
import type { RollingDto } from "../../backend/bindings";
import { barAtOrBefore } from "../../chart/points";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { PanelHead } from "../../widgets/PanelHead";
import { rollingPath } from "./rolling";

const WIDTH = 300;
const HEIGHT = 64;

/** The Sharpe ratio of a window that moves over the run: whether the result was earned all along or in one stretch. */
export function RollingSharpe({ rolling }: { rolling: RollingDto }) {
  const text = useText().backtest.rolling;
  const format = useFormat();
  const [hovered, setHovered] = useState<number | null>(null);
  const path = rollingPath(rolling.time, rolling.sharpe, WIDTH, HEIGHT);
  const first = rolling.time[0];
  const last = rolling.time.at(-1);
  if (!path || first === undefined || last === undefined) return null;
  const index = hovered ?? rolling.time.length - 1;
  return (
    <section className="border-line border-t" data-testid="rolling-sharpe">
      <PanelHead
        title={<span title={text.about(rolling.window)}>{text.title(rolling.window)}</span>}
        aside={
          <span className="tabular-nums">
            {format.date(rolling.time[index] ?? last)}{" "}
            <b className="font-medium text-fg">{format.number(rolling.sharpe[index] ?? null, 2)}</b>
          </span>
        }
      />
      <div className="px-3 pt-3 pb-2.5">
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          className="block h-16 w-full"
          role="img"
          aria-label={text.about(rolling.window)}
          onPointerLeave={() => setHovered(null)}
          onPointerMove={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            const at = first + ((event.clientX - box.left) / box.width) * (last - first);
            setHovered(barAtOrBefore(rolling.time, at));
          }}
        >
          <line
            x1="0"
            x2={WIDTH}
            y1={path.zero}
            y2={path.zero}
            stroke="var(--color-edge)"
            vectorEffect="non-scaling-stroke"
          />
          <path
            d={path.d}
            fill="none"
            stroke="var(--color-accent)"
            strokeWidth="1.5"
            strokeLinejoin="round"
            vectorEffect="non-scaling-stroke"
          />
        </svg>
        <div className="flex justify-between pt-1 text-11 text-faint tabular-nums">
          <span>{format.date(first)}</span>
          <span>{text.range(format.number(path.low, 1), format.number(path.high, 1))}</span>
          <span>{format.date(last)}</span>
        </div>
      </div>
    </section>
  );
}
