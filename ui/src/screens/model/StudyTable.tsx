import { clsx } from "clsx";
import type { MoodStudyDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { type News, standsApart } from "./study";

const NEWS: readonly News[] = ["positive", "negative"];
const FIGURES = ["later", "events", "days", "mean", "band", "usual", "apart"] as const;

/** What the picture shows, in figures. */
export function StudyTable({ study }: { study: MoodStudyDto }) {
  const text = useText().model.prices;
  const format = useFormat();
  const about: Partial<Record<(typeof FIGURES)[number], string>> = text.columnsAbout;
  const name = { positive: text.good, negative: text.bad };
  const apartWords = (apart: boolean | null) => (apart === null ? text.untold : apart ? text.yes : text.no);
  const figure = "h-7 border-b px-3 text-right";
  const cell = clsx(figure, "border-line");
  return (
    <div className="overflow-x-auto">
      <table className="w-full max-w-[880px] border-collapse text-12 tabular-nums" data-testid="study-table">
        <thead>
          <tr className="text-11 text-faint">
            <th scope="col" className="h-7 border-edge border-b pr-3 text-left font-medium">
              {text.columns.news}
            </th>
            {FIGURES.map((one) => (
              <th key={one} scope="col" title={about[one]} className={clsx(figure, "border-edge font-medium")}>
                {text.columns[one]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {NEWS.flatMap((news) =>
            study[news].map((response) => {
              const { bars, events, days, mean, low, high, usual } = response;
              return (
                <tr key={`${news}${bars}`}>
                  <th scope="row" className="border-line border-b pr-3 text-left font-normal">
                    <span className={news === "positive" ? "text-pos" : "text-neg"}>
                      {news === "positive" ? "▲" : "▼"}
                    </span>{" "}
                    {name[news]}
                  </th>
                  <td className={cell}>{format.count(bars)}</td>
                  <td className={cell}>{format.count(events)}</td>
                  <td className={cell}>{format.count(days)}</td>
                  <td className={cell}>{format.change(mean)}</td>
                  <td className={clsx(cell, "text-muted")}>
                    {low === null || high === null ? text.noBand : text.band(format.change(low), format.change(high))}
                  </td>
                  <td className={clsx(cell, "text-muted")}>{format.change(usual)}</td>
                  <td className={clsx(cell, standsApart(response) && "font-semibold")}>
                    {apartWords(standsApart(response))}
                  </td>
                </tr>
              );
            }),
          )}
        </tbody>
      </table>
    </div>
  );
}
