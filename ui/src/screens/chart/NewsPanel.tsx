import { useQuery } from "@tanstack/react-query";
import { Newspaper } from "lucide-react";
import type { ArticleRowDto, SeriesDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { queries } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { Ago } from "../../widgets/Ago";
import { Button } from "../../widgets/Button";
import { EmptyState } from "../../widgets/EmptyState";
import { List } from "../../widgets/List";
import { PanelHead } from "../../widgets/PanelHead";
import { SentimentPill, Tag } from "../../widgets/Pill";
import { QueryView } from "../../widgets/QueryView";
import { NO_FILTER, requestOf } from "../news/filter";
import { ArticlePanel } from "./ArticlePanel";

interface NewsPanelProps {
  series: SeriesDto;
  article: number | null;
  onArticle: (id: number | null) => void;
}

/** News about the series' asset; one article where one is chosen. */
export function NewsPanel({ series, article, onArticle }: NewsPanelProps) {
  const text = useText().chart.news;
  const format = useFormat();
  const request = requestOf({ ...NO_FILTER, asset: series.asset }, null, 100);
  const query = useQuery(queries.articles(request));
  const crawl = useCommand(() => answer(commands.crawl()));
  if (article !== null) return <ArticlePanel id={article} onBack={() => onArticle(null)} />;
  const scores = (query.data ?? []).flatMap((row) => row.sentiment?.score ?? []);
  const mean = scores.length > 0 ? scores.reduce((sum, score) => sum + score, 0) / scores.length : null;
  return (
    <>
      <PanelHead
        title={series.asset === null ? text.titleAll : text.title(series.asset)}
        aside={query.data ? text.summary(query.data.length, format.score(mean)) : ""}
      />
      <QueryView query={query}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState
              icon={<Newspaper />}
              title={text.empty}
              actions={
                <Button onClick={() => crawl.mutate(undefined)} disabled={crawl.isPending}>
                  {text.read}
                </Button>
              }
            />
          ) : (
            <List label={text.titleAll} className="flex-1" testId="chart-news">
              {rows.map((row) => (
                <Story key={row.id} row={row} onOpen={() => onArticle(row.id)} />
              ))}
            </List>
          )
        }
      </QueryView>
    </>
  );
}

function Story({ row, onOpen }: { row: ArticleRowDto; onOpen: () => void }) {
  return (
    <li>
      <button
        type="button"
        data-row
        onClick={onOpen}
        className="grid w-full gap-1 border-line border-b px-3 py-2.5 text-left hover:bg-hover focus-visible:-outline-offset-2"
      >
        <span className="flex items-center gap-1.5 text-11 text-faint">
          <span className="truncate">{row.source}</span> · <Ago at={row.published ?? row.availableAt} />
          <span className="ml-auto flex gap-1">
            {row.assets.slice(0, 2).map((tag) => (
              <Tag key={tag.asset}>{tag.asset}</Tag>
            ))}
          </span>
        </span>
        <span className="line-clamp-2 text-13 font-medium leading-[18px]">{row.title}</span>
        <span>
          <SentimentPill sentiment={row.sentiment} />
        </span>
      </button>
    </li>
  );
}
