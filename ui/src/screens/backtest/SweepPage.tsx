import { useQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import type { BacktestRequest, StrategyDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { IconButton } from "../../widgets/Button";
import { EmptyState } from "../../widgets/EmptyState";
import { PanelHead } from "../../widgets/PanelHead";
import { QueryView } from "../../widgets/QueryView";
import { Select } from "../../widgets/Select";
import { Skeleton } from "../../widgets/Skeleton";
import { DeleteSweepDialog } from "./DeleteSweepDialog";
import { SweepForm } from "./SweepForm";
import { SweepResult } from "./SweepResult";
import { showSweep, useSweepState } from "./sweepStore";

interface SweepPageProps {
  strategy: StrategyDto;
  /** What the form asks for; null where it is at fault. */
  base: BacktestRequest | null;
  /** Runs one row as a backtest of its own; null while another runs. */
  onOpen: ((request: BacktestRequest) => void) | null;
}

/** A strategy with many sets of parameters: what is tried, and what came of it. */
export function SweepPage({ strategy, base, onOpen }: SweepPageProps) {
  const text = useText().sweep;
  const format = useFormat();
  const sweeps = useQuery(queries.sweeps());
  const chosen = useSweepState((state) => state.shown);
  const [deleting, setDeleting] = useState(false);
  const own = (sweeps.data ?? []).filter((one) => one.strategy === strategy.id);
  const shown = own.find(({ id }) => id === chosen) ?? own[0] ?? null;
  const report = useQuery({ ...queries.sweep(shown?.id ?? 0), enabled: shown !== null });
  const nameOf = (one: (typeof own)[number]) =>
    text.line(one.axes.join(", "), `${one.symbol} ${one.interval}`, one.runs, format.dateTime(one.finished));
  return (
    <div className="flex min-h-0 flex-1 flex-col" data-testid="sweep-page">
      <SweepForm key={strategy.id} strategy={strategy} base={base} />
      <PanelHead title={text.results}>
        {shown && (
          <>
            <span className="min-w-64">
              <Select
                label={text.choose}
                value={String(shown.id)}
                onChange={(id) => showSweep(Number(id))}
                options={own.map((one) => ({ value: String(one.id), label: nameOf(one) }))}
                testId="sweep-choice"
              />
            </span>
            <IconButton label={text.remove} onClick={() => setDeleting(true)} data-testid="sweep-delete">
              <Trash2 />
            </IconButton>
          </>
        )}
      </PanelHead>
      <QueryView query={sweeps}>
        {() =>
          shown ? (
            <QueryView query={report} loading={<Skeleton rows={14} />}>
              {(found) => <SweepResult key={found.sweep.id} report={found} onOpen={onOpen} />}
            </QueryView>
          ) : (
            <EmptyState title={text.empty.title} body={text.empty.body} />
          )
        }
      </QueryView>
      {deleting && shown && <DeleteSweepDialog sweep={shown} name={nameOf(shown)} onClose={() => setDeleting(false)} />}
    </div>
  );
}
