import { CandlestickChart, FlaskConical } from "lucide-react";
import { answer, commands } from "../../backend/client";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { openFetch, openImport } from "../../shell/windowState";
import { Button } from "../../widgets/Button";
import { EmptyState } from "../../widgets/EmptyState";

/** Before the first run: what is missing, and how to get it. */
export function NoReport({ hasSeries, onRun }: { hasSeries: boolean; onRun: () => void }) {
  const all = useText().backtest;
  const text = all.report;
  const sample = useCommand(() => answer(commands.loadSample()));
  if (hasSeries) {
    return (
      <EmptyState
        icon={<FlaskConical />}
        title={text.empty.title}
        body={text.empty.body}
        actions={<Button onClick={onRun}>{all.form.run}</Button>}
      />
    );
  }
  return (
    <EmptyState
      icon={<CandlestickChart />}
      title={text.noSeries.title}
      body={text.noSeries.body}
      actions={
        <>
          <Button kind="primary" onClick={() => openFetch()}>
            {text.noSeries.fetch}
          </Button>
          <Button onClick={openImport}>{text.noSeries.import}</Button>
          <Button onClick={() => sample.mutate(undefined)} disabled={sample.isPending}>
            {text.noSeries.sample}
          </Button>
        </>
      }
    />
  );
}
