import { useEffect, useMemo, useRef, useState } from "react";
import type { RunReportDto } from "../../backend/bindings";
import { useSettings } from "../../backend/useSettings";
import { barAtOrBefore } from "../../chart/points";
import { useText } from "../../i18n/text";
import { useResolvedTheme } from "../../theme/theme";
import { useFormat } from "../../useFormat";
import { Segmented } from "../../widgets/Segmented";
import { createEquityChart, type EquityChart } from "./equityChart";
import { wantsLog } from "./figures";

/** Equity against buy and hold, with the drawdown below. */
export function EquityPanel({ report, name }: { report: RunReportDto; name: string }) {
  const text = useText().backtest.report;
  const format = useFormat();
  const theme = useResolvedTheme();
  const { candleColours } = useSettings();
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<EquityChart | null>(null);
  const firstFormat = useRef(format);
  const [hovered, setHovered] = useState<number | null>(null);
  const [chosen, setChosen] = useState<"log" | "linear" | null>(null);
  const { equity } = report;
  const scale = chosen ?? (wantsLog(equity.equity) ? "log" : "linear");

  useEffect(() => {
    if (!element.current) return;
    const made = createEquityChart(element.current, firstFormat.current, setHovered);
    chart.current = made;
    return () => {
      chart.current = null;
      made.remove();
    };
  }, []);
  useEffect(() => chart.current?.show(equity), [equity]);
  useEffect(() => chart.current?.setLog(scale === "log"), [scale]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme and the candle colours change what the tokens say
  useEffect(() => {
    // The document takes the new theme in an effect of the window, which runs after this one.
    const frame = requestAnimationFrame(() => chart.current?.restyle(format));
    return () => cancelAnimationFrame(frame);
  }, [format, theme, candleColours]);

  const shown = useMemo(() => {
    const index = hovered === null ? equity.time.length - 1 : barAtOrBefore(equity.time, hovered);
    return { at: equity.time[index] ?? null, index };
  }, [hovered, equity]);
  const at = (values: readonly number[]) => values[shown.index] ?? null;
  return (
    <section className="relative h-[260px] shrink-0 border-line border-b max-[1179px]:h-[208px]">
      <div className="absolute inset-x-0 top-0 z-10 flex h-8 items-center gap-4 pr-[84px] pl-3 text-12 text-faint">
        <span className="pointer-events-none flex items-center gap-1.5 whitespace-nowrap">
          <i aria-hidden className="h-0.5 w-3 rounded-full bg-accent" />
          {text.equity} <b className="font-medium text-fg tabular-nums">{format.number(at(equity.equity), 0)}</b>
        </span>
        <span className="pointer-events-none flex items-center gap-1.5 whitespace-nowrap">
          <i aria-hidden className="w-3 border-faint border-t border-dashed" />
          {text.buyHold} <b className="font-medium text-muted tabular-nums">{format.number(at(equity.benchmark), 0)}</b>
        </span>
        <span className="pointer-events-none whitespace-nowrap">
          {text.drawdown} <b className="font-medium text-muted tabular-nums">{format.percent(at(equity.drawdown))}</b>
        </span>
        <span className="pointer-events-none truncate tabular-nums">{format.dateTime(shown.at)}</span>
        <span className="ml-auto origin-right scale-90">
          <Segmented
            label={text.scale}
            value={scale}
            onChange={setChosen}
            choices={[
              { value: "log", label: text.log, testId: "scale-log" },
              { value: "linear", label: text.linear, testId: "scale-linear" },
            ]}
          />
        </span>
      </div>
      <div
        ref={element}
        role="img"
        aria-label={text.chart(name)}
        data-testid="equity-chart"
        className="absolute inset-x-0 top-7 bottom-0"
      />
    </section>
  );
}
