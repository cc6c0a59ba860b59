import type { ImportPreviewDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";

/** Rows of a file that make no candle, each with its number and the reason. */
export function RejectedRows({ preview }: { preview: ImportPreviewDto }) {
  const text = useText().data.importDialog;
  const more = preview.rejected - preview.problems.length;
  return (
    <section>
      <h3 className="mb-1 text-11 text-faint">{text.problems}</h3>
      <ul className="max-h-32 select-text overflow-y-auto text-12 text-warn" data-testid="import-problems">
        {preview.problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
        {more > 0 && <li className="text-faint">{text.moreProblems(more)}</li>}
      </ul>
    </section>
  );
}
