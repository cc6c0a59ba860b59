import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CandlestickChart, ExternalLink, Flag, X } from "lucide-react";
import { useState } from "react";
import type { ArticleDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { openExternal } from "../../shell/useExternalLinks";
import { openInspector } from "../../shell/windowState";
import { Button, IconButton } from "../../widgets/Button";
import { QueryView } from "../../widgets/QueryView";
import { Skeleton } from "../../widgets/Skeleton";
import { ReaderBody } from "./ReaderBody";
import { WrongTextDialog } from "./WrongTextDialog";

/** The chosen story, its text and the reasons for its score. */
export function Reader({ id, onReport }: { id: number | null; onReport: (id: number) => void }) {
  const text = useText().news.reader;
  if (id === null) {
    return (
      <div className="grid flex-1 place-items-center p-6 text-12 text-faint" data-testid="reader">
        {text.none}
      </div>
    );
  }
  return <Story id={id} onReport={onReport} />;
}

function Story({ id, onReport }: { id: number; onReport: (id: number) => void }) {
  const text = useText().news.reader;
  // While the next story is on its way the last one would be wrong under its selection: the outline comes instead.
  const query = useQuery(queries.article(id));
  return (
    <>
      <div className="flex h-9 shrink-0 items-center gap-1 border-line border-b pr-3 pl-4">
        <span className="min-w-0 flex-1 truncate text-12 font-semibold">{query.data?.row.source}</span>
        {query.data && <Actions article={query.data} />}
        <span className="wide:hidden">
          <IconButton label={text.close} onClick={() => openInspector(false)}>
            <X />
          </IconButton>
        </span>
      </div>
      <section
        className="min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2"
        data-testid="reader"
        aria-label={query.data?.row.title}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text must scroll by keyboard
        tabIndex={0}
      >
        <QueryView query={query} loading={<Skeleton rows={10} className="p-6" />}>
          {(article) => <ReaderBody key={article.row.id} article={article} onReport={onReport} />}
        </QueryView>
      </section>
    </>
  );
}

function Actions({ article }: { article: ArticleDto }) {
  const text = useText().news.reader;
  const navigate = useNavigate();
  const all = useQuery(queries.series()).data ?? [];
  const [reporting, setReporting] = useState(false);
  const { row } = article;
  const at = row.availableAt;
  const series = all.find(
    (one) =>
      one.first !== null && one.last !== null && at >= one.first && row.assets.some((tag) => tag.asset === one.asset),
  );
  return (
    <>
      {series && (
        <IconButton
          label={text.chart}
          onClick={() => void navigate({ to: "/chart", search: { series: series.id, at } })}
        >
          <CandlestickChart />
        </IconButton>
      )}
      <IconButton label={text.wrongText.open} onClick={() => setReporting(true)} data-testid="report-wrong-text">
        <Flag />
      </IconButton>
      <Button kind="ghost" icon={<ExternalLink />} onClick={() => openExternal(row.url)} data-testid="open-original">
        {text.open}
      </Button>
      {reporting && <WrongTextDialog article={article} onClose={() => setReporting(false)} />}
    </>
  );
}
