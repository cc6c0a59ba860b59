import { useQuery } from "@tanstack/react-query";
import type { SeriesKeyDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { useNow } from "../../useNow";
import { aligned, planOf } from "./fetchPlan";

/** How much of what is chosen is here already, and how much would be asked for. */
export function FetchPlanNote({
  venue,
  symbol,
  interval,
  span,
}: SeriesKeyDto & { span: { from: number; to: number | null } | null }) {
  const text = useText().data.fetchDialog.plan;
  const format = useFormat();
  const now = useNow(60_000);
  const all = useQuery(queries.series()).data ?? [];
  const series = all.find((one) => one.venue === venue && one.symbol === symbol && one.interval === interval);
  const grid = span && aligned(interval, span, now);
  const strip = useQuery({
    ...queries.strip(series?.id ?? 0, grid?.from ?? null, grid?.to ?? null, 1),
    enabled: series !== undefined && grid !== null,
    placeholderData: (previous) => previous,
  });
  const shown = () => {
    if (symbol === "" || !grid) return text.none;
    if (!series) return text.fresh(format.count(planOf(interval, grid, null).ask));
    if (!strip.data) return "…";
    const plan = planOf(interval, grid, strip.data);
    const absent = plan.absent > 0 ? ` ${text.absent(format.count(plan.absent))}` : "";
    if (plan.ask === 0) return `${text.whole}${absent}`;
    return `${text.part(format.count(plan.present), format.count(plan.all), format.count(plan.ask))}${absent}`;
  };
  return (
    <p
      role="status"
      data-testid="fetch-plan"
      className="rounded-md border border-line bg-raised px-2.5 py-2 text-12 text-muted tabular-nums"
    >
      {shown()}
    </p>
  );
}
