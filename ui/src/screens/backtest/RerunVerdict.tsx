import { useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, X } from "lucide-react";
import type { RunReportDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { Button, IconButton } from "../../widgets/Button";
import { tookFunding } from "./rerun";

export type Verdict = "same" | "otherHash" | "otherBytes";

/** What making a run once more has shown. */
export function verdictOf(again: RunReportDto, before: RunReportDto): Verdict {
  if (again.run.hash !== before.run.hash) return "otherHash";
  return again.digest === before.digest ? "same" : "otherBytes";
}

interface RerunVerdictProps {
  report: RunReportDto;
  /** The run that it was made once more of. */
  against: number;
  onCompare: () => void;
  onClose: () => void;
}

/** Whether a run that was made once more has the same hash, and the same report to the byte. */
export function RerunVerdict({ report, against, onCompare, onClose }: RerunVerdictProps) {
  const text = useText().backtest.rerun;
  const before = useQuery(queries.run(against)).data;
  if (!before || before.run.id === report.run.id) return null;
  const verdict = verdictOf(report, before);
  const engines = report.engine === before.engine ? null : text.engines(before.engine, report.engine);
  return (
    <div
      role="status"
      data-testid="rerun-verdict"
      data-verdict={verdict}
      className="flex min-h-8 shrink-0 items-center gap-2 border-line border-b bg-raised px-3 py-1 text-12"
    >
      {verdict === "same" ? (
        <CircleCheck className="size-3.5 shrink-0 text-accent" aria-hidden />
      ) : (
        <CircleAlert className="size-3.5 shrink-0 text-warn" aria-hidden />
      )}
      <span className="min-w-0 flex-1">
        {text[verdict](against)} {verdict === "otherHash" && tookFunding(before) && text.otherFunding} {engines}
      </span>
      {verdict !== "same" && (
        <Button className="h-6" onClick={onCompare} data-testid="rerun-compare">
          {text.compare}
        </Button>
      )}
      <IconButton label={text.close} className="size-6" onClick={onClose}>
        <X />
      </IconButton>
    </div>
  );
}
