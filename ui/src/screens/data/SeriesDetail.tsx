import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CandlestickChart, Download, Share, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { SeriesDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { queries } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { openFetch } from "../../shell/windowState";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { ConfirmDialog } from "../../widgets/Dialog";
import { PanelHead } from "../../widgets/PanelHead";
import { SampleBadge } from "../../widgets/Pill";
import { QueryView } from "../../widgets/QueryView";
import { showDone } from "../../widgets/toast";
import { venueName } from "../chart/venueName";
import { ExportDialog } from "./ExportDialog";
import { missingOf } from "./filter";
import { GapList } from "./GapList";

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex h-7 items-center gap-3">
      <dt className="shrink-0 text-muted">{label}</dt>
      <dd className="ml-auto truncate select-text tabular-nums">{children}</dd>
    </div>
  );
}

/** One series: its figures, its gaps, and what can be done with it. */
export function SeriesDetail({ series }: { series: SeriesDto }) {
  const all = useText();
  const text = all.data;
  const format = useFormat();
  const navigate = useNavigate();
  const gaps = useQuery(queries.gaps(series.id));
  const [asking, setAsking] = useState<"delete" | "export" | null>(null);
  const name = `${series.symbol} ${series.interval}`;
  const missing = missingOf(series);
  const remove = useCommand((id: number) => answer(commands.deleteSeries(id)));
  return (
    <>
      <PanelHead title={name} aside={series.simulated ? <SampleBadge /> : venueName(series.venue, all.chart)} />
      <dl className="px-3 py-1 text-12">
        <Line label={text.detail.span}>
          {format.date(series.first)} → {format.date(series.last)}
        </Line>
        <Line label={text.detail.rows}>{format.count(series.rows)}</Line>
        <Line label={text.detail.missing}>{missing === null ? "–" : format.count(missing)}</Line>
        <Line label={text.detail.price}>{format.number(series.lastPrice, series.priceDecimals)}</Line>
        <Line label={text.detail.decimals}>{series.priceDecimals}</Line>
      </dl>
      <div className="grid grid-cols-2 gap-2 px-3 pt-1 pb-3">
        <Button
          icon={<CandlestickChart />}
          onClick={() => void navigate({ to: "/chart", search: { series: series.id } })}
        >
          {text.detail.openChart}
        </Button>
        <Button
          icon={<Download />}
          disabled={series.venue !== "binance"}
          onClick={() => openFetch({ symbol: series.symbol, interval: series.interval })}
        >
          {text.detail.update}
        </Button>
        <Button icon={<Share />} onClick={() => setAsking("export")} data-testid="export-button">
          {text.detail.export}
        </Button>
        <Button icon={<Trash2 />} onClick={() => setAsking("delete")} data-testid="delete-button">
          {text.detail.remove}
        </Button>
      </div>
      <div className="flex min-h-0 flex-1 flex-col border-line border-t">
        <PanelHead title={text.detail.gapsTitle} aside={format.count(series.gaps)} />
        <QueryView query={gaps}>
          {(found) =>
            found.length === 0 ? (
              <p className="p-3 text-12 text-faint">{text.detail.noGaps}</p>
            ) : (
              <GapList gaps={found} />
            )
          }
        </QueryView>
      </div>
      {asking === "export" && <ExportDialog series={series} name={name} onClose={() => setAsking(null)} />}
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
    </>
  );
}
