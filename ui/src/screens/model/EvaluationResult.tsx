import { useQuery } from "@tanstack/react-query";
import type { EvaluationDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { Tooltip } from "../../widgets/Tooltip";
import { Confusion } from "./Confusion";
import { Reliability } from "./Reliability";
import { leaning } from "./reliability";

/** What came of one file: key figures, confusion, calibration, what was left out. */
export function EvaluationResult({ found }: { found: EvaluationDto }) {
  const text = useText().model.check;
  const current = useQuery(queries.models()).data?.find((model) => model.current);
  const older = current !== undefined && current.sha256 !== found.model.sha256;
  return (
    <div data-testid="evaluation-result">
      {older && <p className="border-line border-b bg-raised px-4 py-1.5 text-12 text-warn">{text.older}</p>}
      <Figures found={found} />
      <div className="grid grid-cols-1 wide:grid-cols-2">
        <Confusion found={found} />
        <Reliability bins={found.bins} />
      </div>
      <LeftOut found={found} />
    </div>
  );
}

function Figures({ found }: { found: EvaluationDto }) {
  const text = useText().model.check.figures;
  const format = useFormat();
  const { answers, wordList } = found;
  const part = (value: number) => format.number(value, 3);
  const figures = [
    {
      id: "accuracy",
      value: part(answers.accuracy),
      note: text.accuracy.note(part(answers.accuracyLow), part(answers.accuracyHigh)),
    },
    { id: "macroF1", value: part(answers.macroF1), note: text.macroF1.note(part(wordList.macroF1)) },
    {
      id: "wordList",
      value: part(wordList.accuracy),
      note: text.wordList.note(part(wordList.accuracyLow), part(wordList.accuracyHigh)),
    },
    { id: "majority", value: part(found.majority), note: text.majority.note },
    { id: "calibration", value: part(found.expectedError), note: text.calibration.note[leaning(found.bins)] },
    { id: "brier", value: part(found.brier), note: text.brier.note },
    { id: "texts", value: format.count(found.texts), note: text.texts.note(found.refused) },
  ] as const;
  return (
    <ul className="grid shrink-0 grid-cols-4 border-line border-b wide:grid-cols-7" data-testid="evaluation-figures">
      {figures.map(({ id, value, note }) => (
        <li
          key={id}
          className="min-w-0 border-line border-r last:border-r-0 max-wide:nth-4:border-r-0 max-wide:nth-[n+5]:border-t"
        >
          <Tooltip text={<span className="py-0.5 leading-[17px]">{text[id].about}</span>}>
            <button
              type="button"
              className="block w-full cursor-help px-3 py-2 text-left focus-visible:-outline-offset-2"
              data-testid={`figure-${id}`}
            >
              <span className="block truncate text-11 text-faint">{text[id].name}</span>
              <span className="block truncate text-20 font-semibold leading-7 tracking-[-0.01em] tabular-nums">
                {value}
              </span>
              <span className="block truncate text-11 text-faint tabular-nums" title={note}>
                {note}
              </span>
            </button>
          </Tooltip>
        </li>
      ))}
    </ul>
  );
}

function LeftOut({ found }: { found: EvaluationDto }) {
  const text = useText().model.check.leftOut;
  const format = useFormat();
  const more = found.refused - found.refusals.length;
  const lines = [
    ...found.refusals.map(({ line, reason }) => text.row(format.count(line), reason)),
    ...(more > 0 ? [text.more(more)] : []),
    ...(found.leftOut > 0 ? [text.down(found.leftOut)] : []),
    ...(found.truncated > 0 ? [text.cut(found.truncated)] : []),
  ];
  if (lines.length === 0) return null;
  return (
    <section className="border-line border-t px-4 py-3 text-12" data-testid="evaluation-left-out">
      <h3 className="font-semibold">{text.title}</h3>
      <ul className="pt-1 text-muted">
        {lines.map((line) => (
          <li key={line} className="select-text leading-5">
            {line}
          </li>
        ))}
      </ul>
    </section>
  );
}
