import type { ArticleDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { Ago } from "../../widgets/Ago";
import { List, ListRow } from "../../widgets/List";
import { SentimentPill } from "../../widgets/Pill";

/** Who else reported the same, the first report first. */
export function OtherReports({ article, onReport }: { article: ArticleDto; onReport: (id: number) => void }) {
  const text = useText().news.reader;
  const { row, story } = article;
  const [earliest] = story;
  if (!earliest) return null;
  const isFirst = row.availableAt <= earliest.availableAt;
  return (
    <section className="mt-5 border-line border-t pt-3" data-testid="other-reports">
      <h3 className="mb-1 flex items-baseline gap-3 text-12 font-semibold">
        {text.otherReports}
        <span className="ml-auto font-normal text-faint">{isFirst ? text.isFirst : text.firstBy(earliest.source)}</span>
      </h3>
      <List label={text.otherReports} className="-mx-3">
        {story.map((report) => (
          <ListRow
            key={report.id}
            columns="minmax(0,1fr) auto auto"
            className="gap-3 rounded-sm"
            onClick={() => onReport(report.id)}
            data-testid="other-report"
          >
            <span className="flex min-w-0 gap-2">
              <span className="shrink-0 font-medium">{report.source}</span>
              <span className="truncate text-faint">{report.repeats === null ? report.title : text.repeats}</span>
            </span>
            <span className="text-11 text-faint">
              <Ago at={report.published ?? report.availableAt} />
            </span>
            <SentimentPill sentiment={report.sentiment} short />
          </ListRow>
        ))}
      </List>
    </section>
  );
}
