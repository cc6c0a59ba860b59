import { useId, useMemo, useState } from "react";
import type { SweepReportDto, SweepRowDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { Segmented } from "../../widgets/Segmented";
import { SweepMap } from "./SweepMap";
import { HEAT_FIGURES, type HeatFigure, type HeatMap, heatValue } from "./sweepHeat";
import { paramsOfRow } from "./sweepRows";

interface SweepHeatProps {
  map: HeatMap;
  report: SweepReportDto;
  selected: number;
  onSelect: (row: number) => void;
  onOpen: ((row: number) => void) | null;
}

/** The runs by their one or two parameters, and a line that says in words what is chosen. */
export function SweepHeat({ map, report, selected, onSelect, onOpen }: SweepHeatProps) {
  const text = useText().sweep.heat;
  const format = useFormat();
  const id = useId();
  const [figure, setFigure] = useState<HeatFigure>("sharpe");
  const { rows, sweep } = report;
  // Thousands of them: only said anew when they change, not with every step of the selection.
  const said = useMemo(() => {
    const shown = (row: SweepRowDto, of: HeatFigure): string => {
      const value = heatValue(row, of);
      if (of === "sharpe") return format.number(value, 2);
      if (of === "trades") return format.number(value, 0);
      return of === "return" ? format.change(value, 1) : format.percent(value);
    };
    return rows.map((row) => {
      const params = paramsOfRow(sweep.axes, row);
      const figures = HEAT_FIGURES.map((of) => `${text.figures[of]} ${shown(row, of)}`).join(", ");
      const words = row.problem === null ? text.cell(params, figures) : text.problem(params, row.problem);
      return { words, figure: shown(row, figure) };
    });
  }, [rows, sweep.axes, figure, text, format]);
  return (
    <section className="flex max-h-[44%] shrink-0 flex-col border-line border-b" data-testid="sweep-heat">
      <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1 text-12">
        <h3 className="font-semibold">{map.down === null ? text.one(map.across) : text.two(map.down, map.across)}</h3>
        <Segmented
          label={text.colouredBy}
          value={figure}
          onChange={setFigure}
          choices={HEAT_FIGURES.map((of) => ({ value: of, label: text.figures[of], testId: `sweep-heat-${of}` }))}
        />
      </div>
      <SweepMap
        map={map}
        rows={rows}
        said={said}
        figure={figure}
        describedBy={`${id}-said`}
        selected={selected}
        onSelect={onSelect}
        onOpen={onOpen}
      />
      <div className="flex min-h-8 shrink-0 items-center gap-3 px-3 text-12">
        <p
          id={`${id}-said`}
          aria-live="polite"
          className="min-w-0 flex-1 truncate tabular-nums"
          data-testid="sweep-said"
        >
          {said[selected]?.words}
        </p>
        <Button
          className="h-6"
          disabled={onOpen === null || !rows[selected]?.figures}
          onClick={() => onOpen?.(selected)}
          data-testid="sweep-open"
        >
          {text.open}
        </Button>
      </div>
    </section>
  );
}
