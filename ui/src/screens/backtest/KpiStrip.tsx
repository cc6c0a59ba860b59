import { clsx } from "clsx";
import type { RunReportDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { Tooltip } from "../../widgets/Tooltip";
import { type Kpi, kpisOf } from "./figures";

/** The key figures, each with what it rests on below it and its definition on hover and focus. */
export function KpiStrip({ report }: { report: RunReportDto }) {
  const text = useText().backtest.report;
  const format = useFormat();
  return (
    <ul className="grid shrink-0 grid-cols-7 border-line border-b" data-testid="report-kpis">
      {kpisOf(report, format, text).map((kpi) => (
        <li key={kpi.id} className="min-w-0 border-line border-r last:border-0">
          <Figure kpi={kpi} />
        </li>
      ))}
    </ul>
  );
}

function Figure({ kpi }: { kpi: Kpi }) {
  const text = useText().backtest.report;
  const { name, about } = text.kpis[kpi.id];
  const definition = (
    <span className="grid gap-1 py-0.5 leading-[17px]">
      <span>{about}</span>
      {kpi.benchmark !== null && <span className="text-muted">{text.buyHoldOf(kpi.benchmark)}</span>}
    </span>
  );
  return (
    <Tooltip text={definition}>
      <button
        type="button"
        className="block w-full cursor-help px-2.5 py-2 text-left wide:px-3 focus-visible:-outline-offset-2"
        data-testid={`kpi-${kpi.id}`}
      >
        <span className="block truncate text-11 text-faint">{name}</span>
        <span
          className={clsx(
            "block truncate text-15 font-semibold leading-7 wide:text-20 tracking-[-0.01em] tabular-nums",
            kpi.tone === "gain" && "text-gain",
            kpi.tone === "loss" && "text-loss",
          )}
          {...(kpi.id === "return" ? { "data-testid": "report-total-return" } : {})}
        >
          {kpi.value}
        </span>
        <span className="block truncate text-11 text-faint tabular-nums" title={kpi.note}>
          {kpi.note}
        </span>
      </button>
    </Tooltip>
  );
}
