import { useState } from "react";
import type { CalibrationBinDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { marksOf } from "./reliability";

const SIDE = 240;
/** Room for the marks at the edges and for the numbers of the axes. */
const LEFT = 34;
const TOP = 10;
const BOTTOM = 34;
const RIGHT = 14;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** How often the model is right where it is so sure: a picture, and the same as a table. */
export function Reliability({ bins }: { bins: readonly CalibrationBinDto[] }) {
  const text = useText().model.check.reliability;
  const [hovered, setHovered] = useState<CalibrationBinDto | null>(null);
  return (
    <section className="min-w-0 max-wide:border-line max-wide:border-t" data-testid="reliability">
      <h3 className="flex h-10 items-center px-4 text-12 font-semibold">{text.title}</h3>
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3 px-4 pb-4">
        <Picture bins={bins} hovered={hovered} onHover={setHovered} />
        <Bins bins={bins} hovered={hovered} onHover={setHovered} />
      </div>
      <p className="max-w-[76ch] px-4 pb-4 text-11 leading-4 text-faint">{text.about}</p>
    </section>
  );
}

interface BinsProps {
  bins: readonly CalibrationBinDto[];
  hovered: CalibrationBinDto | null;
  onHover: (bin: CalibrationBinDto | null) => void;
}

function Picture({ bins, hovered, onHover }: BinsProps) {
  const text = useText().model.check.reliability;
  const format = useFormat();
  const at = (part: number) => part * SIDE;
  return (
    <svg
      viewBox={`${-LEFT} ${-TOP} ${SIDE + LEFT + RIGHT} ${SIDE + TOP + BOTTOM}`}
      width={SIDE + LEFT + RIGHT}
      height={SIDE + TOP + BOTTOM}
      role="img"
      aria-label={text.about}
      className="max-w-full shrink-0 text-11 tabular-nums"
      onPointerLeave={() => onHover(null)}
    >
      {TICKS.map((tick) => (
        <g key={tick}>
          <line x1={at(tick)} x2={at(tick)} y1={0} y2={SIDE} stroke="var(--color-line)" />
          <line x1={0} x2={SIDE} y1={at(tick)} y2={at(tick)} stroke="var(--color-line)" />
          <text x={at(tick)} y={SIDE + 14} textAnchor="middle" fill="var(--color-faint)">
            {format.number(tick, 2)}
          </text>
          <text x={-6} y={at(1 - tick) + 4} textAnchor="end" fill="var(--color-faint)">
            {format.number(tick, 2)}
          </text>
        </g>
      ))}
      <line x1={0} y1={SIDE} x2={SIDE} y2={0} stroke="var(--color-edge)" strokeWidth="1.5" strokeDasharray="4 3" />
      <text x={SIDE / 2} y={SIDE + 30} textAnchor="middle" fill="var(--color-muted)">
        {text.sure}
      </text>
      <text x={6} y={14} fill="var(--color-muted)">
        {text.right}
      </text>
      {marksOf(bins, SIDE).map(({ x, y, radius, bin }) => (
        <circle
          key={bin.from}
          cx={x}
          cy={y}
          r={radius}
          fill="var(--color-accent)"
          fillOpacity={hovered === bin ? 0.9 : 0.45}
          stroke="var(--color-accent)"
          onPointerEnter={() => onHover(bin)}
        >
          <title>
            {text.mark(format.number(bin.confidence, 3), format.number(bin.accuracy, 3), format.count(bin.texts))}
          </title>
        </circle>
      ))}
    </svg>
  );
}

function Bins({ bins, hovered, onHover }: BinsProps) {
  const text = useText().model.check.reliability;
  const format = useFormat();
  return (
    <table className="text-12 tabular-nums" data-testid="reliability-table" onPointerLeave={() => onHover(null)}>
      <thead>
        <tr className="text-11 text-faint">
          {[text.texts, text.sure, text.right].map((name) => (
            <th key={name} scope="col" className="pr-1 pl-5 text-right font-normal">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {bins.map((bin) => (
          <tr key={bin.from} className={hovered === bin ? "bg-hover" : undefined} onPointerEnter={() => onHover(bin)}>
            <td className="h-5 pr-1 pl-5 text-right text-muted">{format.count(bin.texts)}</td>
            <td className="pr-1 pl-5 text-right">{format.number(bin.confidence, 3)}</td>
            <td className="pr-1 pl-5 text-right">{format.number(bin.accuracy, 3)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
