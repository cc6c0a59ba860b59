import { clsx } from "clsx";
import { useState } from "react";
import type { AgreementDto, EvaluationDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { Segmented } from "../../widgets/Segmented";

/** How many texts of each label were called what, by the model and by the list of words. */
export function Confusion({ found }: { found: EvaluationDto }) {
  const text = useText().model.check.confusion;
  const [who, setWho] = useState<"model" | "wordList">("model");
  return (
    <section className="min-w-0 border-line wide:border-r">
      <div className="flex h-10 items-center gap-3 px-4 text-12">
        <h3 className="font-semibold">{text.title}</h3>
        <Segmented
          label={text.who}
          value={who}
          onChange={setWho}
          choices={[
            { value: "model", label: text.model },
            { value: "wordList", label: text.wordList, testId: "confusion-list" },
          ]}
        />
      </div>
      <Matrix of={who === "model" ? found.answers : found.wordList} />
    </section>
  );
}

const LABELS = ["negative", "neutral", "positive"] as const;

function Matrix({ of }: { of: AgreementDto }) {
  const all = useText().model;
  const text = all.check.confusion;
  const format = useFormat();
  const figure = "px-2 text-right tabular-nums";
  return (
    <div className="overflow-x-auto px-4 pb-4">
      <table className="w-full border-separate border-spacing-0.5 text-12" data-testid="confusion">
        <thead className="text-11 text-faint">
          <tr>
            <th scope="col" rowSpan={2} className="pr-2 text-left align-bottom font-normal">
              {text.label}
            </th>
            <th scope="colgroup" colSpan={3} className="font-normal">
              {text.answered}
            </th>
            {[text.texts, text.precision, text.recall, text.f1].map((name) => (
              <th key={name} scope="col" rowSpan={2} className={clsx(figure, "align-bottom font-normal")}>
                {name}
              </th>
            ))}
          </tr>
          <tr>
            {LABELS.map((label) => (
              <th key={label} scope="col" className="px-1 font-normal">
                {all.labels[label]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {of.labels.map((row) => (
            <tr key={row.label} className="h-9">
              <th scope="row" className="pr-2 text-left font-medium">
                {all.labels[row.label]}
              </th>
              {row.answered.map((count, at) => {
                const answer = LABELS[at] ?? "neutral";
                const share = row.texts === 0 ? 0 : count / row.texts;
                const words = text.cell(
                  all.labels[row.label],
                  all.labels[answer],
                  format.count(count),
                  format.percent(share),
                );
                return (
                  <td
                    key={answer}
                    title={words}
                    className={clsx(
                      "rounded-[3px] px-1 text-center tabular-nums",
                      answer === row.label && "font-semibold",
                    )}
                    style={{
                      background: `color-mix(in srgb, var(--color-accent) ${Math.round(4 + share * 40)}%, var(--color-panel))`,
                    }}
                  >
                    {format.count(count)}
                  </td>
                );
              })}
              <td className={clsx(figure, "text-muted")}>{format.count(row.texts)}</td>
              <td className={figure}>{format.number(row.precision, 3)}</td>
              <td className={figure}>{format.number(row.recall, 3)}</td>
              <td className={figure}>{format.number(row.f1, 3)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
