// What a job changed in a series, in a line. Pure.
import type { SeriesChangesDto } from "../backend/bindings";
import type { Catalogue } from "../i18n/text";

/** "1,430 new · 6 unchanged · 2 corrected · 2 gaps": what did not happen is left out, but for the new ones. */
export function changesLine(changes: SeriesChangesDto, text: Catalogue["shell"]["jobs"]["changes"]): string {
  const { inserted, unchanged, corrected, gaps, rejected } = changes;
  return [
    text.inserted(inserted),
    unchanged > 0 ? text.unchanged(unchanged) : null,
    corrected > 0 ? text.corrected(corrected) : null,
    rejected > 0 ? text.rejected(rejected) : null,
    gaps !== null && gaps > 0 ? text.gaps(gaps) : null,
  ]
    .filter((part) => part !== null)
    .join(" · ");
}
