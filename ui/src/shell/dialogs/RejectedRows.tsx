import { useText } from "../../i18n/text";

interface RejectedRowsProps {
  rejected: number;
  /** Why, a line each, the first ones. */
  problems: readonly string[];
}

/** Rows of a file that make no candle, each with its number and the reason. */
export function RejectedRows({ rejected, problems }: RejectedRowsProps) {
  const text = useText().data.importDialog;
  const more = rejected - problems.length;
  return (
    <section>
      <h3 className="mb-1 text-11 text-faint">{text.problems}</h3>
      <ul className="max-h-32 select-text overflow-y-auto text-12 text-warn" data-testid="import-problems">
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
        {more > 0 && <li className="text-faint">{text.moreProblems(more)}</li>}
      </ul>
    </section>
  );
}
