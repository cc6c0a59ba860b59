import { useQuery } from "@tanstack/react-query";
import { Newspaper } from "lucide-react";
import { memo } from "react";
import type { SeriesDto, StoryDto } from "../../backend/bindings";
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
import { reportToOpen, storyOf } from "../news/story";
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
  const query = useQuery(queries.stories(request));
  const crawl = useCommand(() => answer(commands.crawl()));
  if (article !== null) return <ArticlePanel id={article} onBack={() => onArticle(null)} />;
  const stories = query.data ?? [];
  const scores = stories.flatMap((story) => storyOf(story)?.sentiment?.score ?? []);
  const mean = scores.length > 0 ? scores.reduce((sum, score) => sum + score, 0) / scores.length : null;
  return (
    <>
      <PanelHead
        title={series.asset === null ? text.titleAll : text.title(series.asset)}
        aside={query.data ? text.summary(query.data.length, format.score(mean)) : ""}
      />
      <QueryView query={query}>
        {() =>
          stories.length === 0 ? (
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
              {stories.map((story) => (
                <StoryItem key={story.id} told={story} onArticle={onArticle} />
              ))}
            </List>
          )
        }
      </QueryView>
    </>
  );
}

/** Drawn again only when it has changed itself: while articles are scored, the list is read again and again. */
const StoryItem = memo(function StoryItem({ told, onArticle }: { told: StoryDto; onArticle: (id: number) => void }) {
  const { sourcesOf } = useText().news;
  const story = storyOf(told);
  if (!story) return null;
  const { first, newest, sources } = story;
  return (
    <li>
      <button
        type="button"
        data-row
        onClick={() => onArticle(reportToOpen(story).id)}
        className="grid w-full gap-1 border-line border-b px-3 py-2.5 text-left hover:bg-hover focus-visible:-outline-offset-2"
      >
        <span className="flex items-center gap-1.5 text-11 text-faint">
          <span className="truncate">{sourcesOf(sources[0] ?? first.source, sources.length - 1)}</span> ·{" "}
          <span className="shrink-0">
            <Ago at={newest.published ?? newest.availableAt} />
          </span>
          <span className="ml-auto flex gap-1">
            {story.assets.slice(0, 2).map((asset) => (
              <Tag key={asset}>{asset}</Tag>
            ))}
          </span>
        </span>
        <span className="line-clamp-2 text-13 font-medium leading-[18px]">{first.title}</span>
        <span>
          <SentimentPill sentiment={story.sentiment} />
        </span>
      </button>
    </li>
  );
});
