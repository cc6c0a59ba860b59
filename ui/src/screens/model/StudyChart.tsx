import type { MoodStudyDto, ResponseDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { type News, pictureOf, type StudyMark } from "./study";

const WIDTH = 880;
const HEIGHT = 260;
const LEFT = 56;
const BOTTOM = 24;

const COLOUR: Record<News, string> = { positive: "var(--color-pos)", negative: "var(--color-neg)" };

/** Mean returns after good and bad news with their bands, a group for each length, beside what any time brought. */
export function StudyChart({ study }: { study: MoodStudyDto }) {
  const text = useText().model.prices;
  const format = useFormat();
  const picture = pictureOf(study, WIDTH - LEFT, HEIGHT - BOTTOM);
  if (picture === null) return null;
  const name = { positive: text.good, negative: text.bad };
  const band = ({ low, high }: ResponseDto) =>
    low === null || high === null ? text.noBand : text.band(format.change(low), format.change(high));
  return (
    <figure className="max-w-[880px]">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={text.picture} className="block w-full text-11">
        <g transform={`translate(${LEFT} 0)`}>
          {picture.groups.slice(1).map(({ x }) => (
            <line
              key={x}
              x1={x - picture.step / 2}
              x2={x - picture.step / 2}
              y1={0}
              y2={HEIGHT - BOTTOM}
              stroke="var(--color-line)"
            />
          ))}
          <line x1={0} x2={WIDTH - LEFT} y1={picture.zero} y2={picture.zero} stroke="var(--color-edge)" />
          {picture.usual.map(({ x, y }) => (
            <line
              key={x}
              x1={x - picture.step * 0.38}
              x2={x + picture.step * 0.38}
              y1={y}
              y2={y}
              stroke="var(--color-muted)"
              strokeWidth="1.5"
              strokeDasharray="3 3"
            />
          ))}
          {picture.marks.map((mark) => (
            <Mark
              key={`${mark.news}${mark.response.bars}`}
              mark={mark}
              words={text.mark(
                name[mark.news],
                text.later(mark.response.bars),
                format.change(mark.response.mean),
                band(mark.response),
              )}
            />
          ))}
          {picture.groups.map(({ x, bars }) => (
            <text key={x} x={x} y={HEIGHT - 6} textAnchor="middle" fill="var(--color-faint)">
              {text.later(bars)}
            </text>
          ))}
        </g>
        <g fill="var(--color-faint)" textAnchor="end" className="tabular-nums">
          <text x={LEFT - 8} y={12}>
            {format.change(picture.high)}
          </text>
          <text x={LEFT - 8} y={picture.zero + 4}>
            {Math.abs(picture.zero - 12) > 12 && Math.abs(picture.zero - (HEIGHT - BOTTOM)) > 12 ? "0%" : ""}
          </text>
          <text x={LEFT - 8} y={HEIGHT - BOTTOM}>
            {format.change(picture.low)}
          </text>
        </g>
      </svg>
      <figcaption className="flex flex-wrap gap-x-5 gap-y-1 pt-1 pb-4 text-11 text-muted">
        <Key shape={<path d={UP} fill={COLOUR.positive} />} name={text.good} />
        <Key shape={<path d={DOWN} fill={COLOUR.negative} />} name={text.bad} />
        <Key
          shape={<line x1="-7" x2="7" stroke="var(--color-muted)" strokeWidth="1.5" strokeDasharray="3 3" />}
          name={text.usual}
        />
      </figcaption>
    </figure>
  );
}

const UP = "M0-5.5 5.5 4.5H-5.5Z";
const DOWN = "M0 5.5 5.5-4.5H-5.5Z";

function Mark({ mark: { news, x, y, band }, words }: { mark: StudyMark; words: string }) {
  const colour = COLOUR[news];
  return (
    <g data-testid={`study-mark-${news}`}>
      <title>{words}</title>
      {band && (
        <>
          <line x1={x} x2={x} y1={band.top} y2={band.bottom} stroke={colour} strokeWidth="2" strokeOpacity="0.6" />
          <path
            d={`M${x - 6} ${band.top}h12M${x - 6} ${band.bottom}h12`}
            stroke={colour}
            strokeWidth="2"
            strokeOpacity="0.6"
          />
        </>
      )}
      <path d={news === "positive" ? UP : DOWN} transform={`translate(${x} ${y})`} fill={colour} />
      <rect
        x={x - 12}
        y={(band?.top ?? y) - 6}
        width={24}
        height={(band ? band.bottom - band.top : 0) + 12}
        fill="transparent"
      />
    </g>
  );
}

function Key({ shape, name }: { shape: React.ReactNode; name: string }) {
  return (
    <span className="flex items-center gap-1.5">
      <svg viewBox="-8 -8 16 16" className="size-4" aria-hidden>
        {shape}
      </svg>
      {name}
    </span>
  );
}
