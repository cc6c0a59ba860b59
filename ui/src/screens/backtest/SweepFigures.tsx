import { ExternalLink } from "lucide-react";
import type { ReactNode } from "react";
import type { AbsenceDto, SweepReportDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { Tooltip } from "../../widgets/Tooltip";
import { paramsOfRow } from "./sweepRows";

interface SweepFiguresProps {
  report: SweepReportDto;
  onOpen: ((row: number) => void) | null;
}

/** The best run, how many were tried, and how far the best can be believed; each with its definition on hover and focus. */
export function SweepFigures({ report, onOpen }: SweepFiguresProps) {
  const text = useText().sweep.figures;
  const format = useFormat();
  const { overfitting, rows, sweep } = report;
  const { best, trials, deflatedSharpe, probability } = overfitting;
  const row = best === null ? undefined : rows[best];
  const why = (absence: AbsenceDto | null) => (absence === null ? "" : text.absent[absence]);
  return (
    <ul className="grid shrink-0 grid-cols-[1.5fr_1fr_1fr_1fr] border-line border-b" data-testid="sweep-figures">
      <li className="min-w-0 border-line border-r px-3 py-2">
        <span className="block truncate text-11 text-faint">{text.best.name}</span>
        <span className="flex items-center gap-2 leading-7">
          <span className="truncate font-semibold text-15 tabular-nums" data-testid="sweep-best">
            {row ? paramsOfRow(sweep.axes, row) : "–"}
          </span>
          {best !== null && row && (
            <Button
              icon={<ExternalLink />}
              className="h-6"
              disabled={onOpen === null}
              title={sweep.seriesId === null ? text.seriesGone : text.best.open}
              onClick={() => onOpen?.(best)}
              data-testid="sweep-open-best"
            >
              {text.open}
            </Button>
          )}
        </span>
        <span className="block truncate text-11 text-faint tabular-nums">
          {row?.figures
            ? text.best.note(format.number(row.figures.sharpe, 2), format.change(row.figures.totalReturn, 1))
            : text.absent.noTrials}
        </span>
      </li>
      <Figure id="trials" value={format.count(trials)} note={text.trials.note(rows.length)} about={text.trials.about} />
      <Figure
        id="deflated"
        value={format.number(deflatedSharpe?.value ?? null, 2)}
        note={
          deflatedSharpe
            ? text.deflated.note(
                format.number(deflatedSharpe.sharpe, 4),
                format.number(deflatedSharpe.expectedMaximum, 4),
              )
            : why(overfitting.noDeflatedSharpe)
        }
        about={text.deflated.about}
      />
      <Figure
        id="overfitting"
        value={format.percent(probability?.value ?? null, 1)}
        note={
          probability
            ? text.overfitting.note(probability.parts, format.count(probability.combinations))
            : why(overfitting.noProbability)
        }
        about={text.overfitting.about}
      />
    </ul>
  );
}

interface FigureProps {
  id: "trials" | "deflated" | "overfitting";
  value: string;
  note: string;
  about: ReactNode;
}

function Figure({ id, value, note, about }: FigureProps) {
  const { name } = useText().sweep.figures[id];
  return (
    <li className="min-w-0 border-line border-r last:border-0">
      <Tooltip text={<span className="py-0.5 leading-[17px]">{about}</span>}>
        <button
          type="button"
          className="block w-full cursor-help px-3 py-2 text-left focus-visible:-outline-offset-2"
          data-testid={`sweep-figure-${id}`}
        >
          <span className="block truncate text-11 text-faint">{name}</span>
          <span className="block truncate font-semibold text-15 leading-7 tabular-nums wide:text-20">{value}</span>
          <span className="block truncate text-11 text-faint tabular-nums" title={note}>
            {note}
          </span>
        </button>
      </Tooltip>
    </li>
  );
}
