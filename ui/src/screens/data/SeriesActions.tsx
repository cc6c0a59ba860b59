import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CandlestickChart, Download, Play, Share, ShieldCheck, Trash2 } from "lucide-react";
import { useState } from "react";
import type { LedgerDto, SeriesDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { queries } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { openFetch } from "../../shell/windowState";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { ConfirmDialog } from "../../widgets/Dialog";
import { showDone } from "../../widgets/toast";
import { ExportDialog } from "./ExportDialog";
import { VerifyDialog } from "./VerifyDialog";

interface SeriesActionsProps {
  series: SeriesDto;
  ledger: LedgerDto;
  name: string;
  /** Whether a job works on it already. */
  busy: boolean;
}

/** What can be done with a series. */
export function SeriesActions({ series, ledger, name, busy }: SeriesActionsProps) {
  const text = useText().data;
  const format = useFormat();
  const navigate = useNavigate();
  const [asking, setAsking] = useState<"delete" | "export" | "verify" | null>(null);
  const venues = useQuery(queries.venues()).data;
  // Simulated and imported series have no venue that could be asked.
  const fromVenue = venues ? venues.some((venue) => venue.id === series.venue) : series.venue === "binance";
  const remove = useCommand((id: number) => answer(commands.deleteSeries(id)));
  const resume = useCommand((id: number) => answer(commands.resumeSeries(id)));
  return (
    <div className="grid grid-cols-2 gap-2 px-3 pt-1 pb-3">
      {ledger.pending > 0 && fromVenue && (
        <Button
          kind="primary"
          className="col-span-2"
          icon={<Play />}
          disabled={busy || resume.isPending}
          onClick={() => resume.mutate(series.id)}
          data-testid="resume-button"
        >
          {text.detail.resume(format.count(ledger.pending))}
        </Button>
      )}
      <Button
        className="col-span-2"
        icon={<CandlestickChart />}
        onClick={() => void navigate({ to: "/chart", search: { series: series.id } })}
      >
        {text.detail.openChart}
      </Button>
      <Button
        icon={<Download />}
        disabled={!fromVenue}
        onClick={() => openFetch({ venue: series.venue, symbol: series.symbol, interval: series.interval })}
      >
        {text.detail.update}
      </Button>
      <Button
        icon={<ShieldCheck />}
        disabled={!fromVenue || busy}
        onClick={() => setAsking("verify")}
        data-testid="verify-button"
      >
        {text.detail.verify}
      </Button>
      <Button icon={<Share />} onClick={() => setAsking("export")} data-testid="export-button">
        {text.detail.export}
      </Button>
      <Button icon={<Trash2 />} onClick={() => setAsking("delete")} data-testid="delete-button">
        {text.detail.remove}
      </Button>
      {asking === "export" && <ExportDialog series={series} name={name} onClose={() => setAsking(null)} />}
      {asking === "verify" && <VerifyDialog series={series} name={name} onClose={() => setAsking(null)} />}
      <ConfirmDialog
        open={asking === "delete"}
        onClose={() => setAsking(null)}
        title={text.deleteDialog.title(name)}
        about={text.deleteDialog.body(series.rows)}
        confirm={text.deleteDialog.confirm}
        onConfirm={() =>
          remove.mutate(series.id, {
            onSuccess: () => {
              showDone(text.deleteDialog.done(name));
              void navigate({ to: "/data", search: {} });
            },
          })
        }
      />
    </div>
  );
}
