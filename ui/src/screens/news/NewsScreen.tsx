import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import type { ArticleRowDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { Frame } from "../../shell/Frame";
import { openInspector } from "../../shell/windowState";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { AddSourceDialog } from "./AddSourceDialog";
import { CrawlButton } from "./CrawlButton";
import { FilterList } from "./FilterList";
import { NO_FILTER, type StoryFilter } from "./filter";
import { Reader } from "./Reader";
import { useReadStories } from "./readStories";
import { SourceList } from "./SourceList";
import { StoryList } from "./StoryList";
import { useNewsKeys } from "./useNewsKeys";
import { useStories, useStoryCounts } from "./useStories";
import { WaitingNote } from "./WaitingNote";

const route = getRouteApi("/news");

/** Stories, their sentiment, and where they come from. */
export function NewsScreen() {
  const text = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const { article = null, asset = null } = route.useSearch();
  const [own, setOwn] = useState(NO_FILTER);
  const [adding, setAdding] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const markRead = useReadStories((state) => state.markRead);
  const filter: StoryFilter = { ...own, asset };
  const stories = useStories(filter);
  const counts = useStoryCounts(filter);
  const rows = stories.data ?? [];

  const goTo = useCallback(
    (next: { article?: number | null; asset?: string | null }) =>
      void navigate({
        to: "/news",
        replace: true,
        search: (now) => {
          const { article: id = now.article ?? null, asset: about = now.asset ?? null } = next;
          return { ...(id === null ? {} : { article: id }), ...(about === null ? {} : { asset: about }) };
        },
      }),
    [navigate],
  );
  const select = (row: ArticleRowDto) => {
    markRead(row.id);
    goTo({ article: row.id });
  };
  const open = (row: ArticleRowDto) => {
    select(row);
    openInspector(true);
  };
  const change = ({ asset: about, ...rest }: Partial<StoryFilter>) => {
    setOwn((now) => ({ ...now, ...rest }));
    if (about !== undefined) goTo({ asset: about });
  };
  const focusList = () => document.querySelector<HTMLElement>('[data-testid="news-list"]')?.focus();
  const setSearch = useCallback((words: string) => setOwn((now) => ({ ...now, search: words })), []);
  useNewsKeys({ rows, selected: article, onSelect: select, search });

  // The newest story lies open when the screen is entered; from then on the choice is the person's.
  const newest = rows[0]?.id ?? null;
  useEffect(() => {
    if (article === null && newest !== null) goTo({ article: newest });
  }, [article, newest, goTo]);

  return (
    <Frame
      title={text.shell.screens.news}
      inspectorWidth="wide"
      bar={
        <>
          <span className="text-15 font-semibold">{text.shell.screens.news}</span>
          {counts && counts.mean !== null && (
            <span className="hidden truncate text-12 text-faint tabular-nums wide:inline">
              {asset === null ? "" : `${asset} · `}
              {text.news.mean(format.score(counts.mean))}
            </span>
          )}
          <CrawlButton />
          <Button icon={<Plus />} onClick={() => setAdding(true)} data-testid="add-source">
            {text.news.sources.add}
          </Button>
        </>
      }
      list={
        <>
          <FilterList filter={filter} counts={counts} onFilter={change} />
          <SourceList
            current={filter.sourceId}
            onChoose={(sourceId) => change({ sourceId })}
            onAdd={() => setAdding(true)}
          />
          <WaitingNote />
        </>
      }
      inspector={<Reader id={article} />}
    >
      <StoryList
        stories={stories}
        filter={filter}
        counts={counts}
        selected={article}
        searchRef={search}
        onSelect={select}
        onOpen={open}
        onSearch={setSearch}
        onLeaveSearch={focusList}
        onShowAll={() => {
          setOwn(NO_FILTER);
          goTo({ asset: null });
        }}
        onAdd={() => setAdding(true)}
      />
      {adding && <AddSourceDialog onClose={() => setAdding(false)} />}
    </Frame>
  );
}
