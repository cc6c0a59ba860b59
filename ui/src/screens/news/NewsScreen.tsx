import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { useText } from "../../i18n/text";
import { Frame } from "../../shell/Frame";
import { openExternal } from "../../shell/useExternalLinks";
import { openInspector } from "../../shell/windowState";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { AddSourceDialog } from "./AddSourceDialog";
import { CrawlButton } from "./CrawlButton";
import { FilterList } from "./FilterList";
import { NO_FILTER, type StoryFilter, withStory } from "./filter";
import { Reader } from "./Reader";
import { SourceList } from "./SourceList";
import { StoryList } from "./StoryList";
import { reportToOpen, type Story } from "./story";
import { useNewsKeys } from "./useNewsKeys";
import { useReading } from "./useReading";
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
  const reading = useReading();
  const filter: StoryFilter = { ...own, asset };
  const stories = useStories(filter);
  const counts = useStoryCounts(filter);
  // What was opened among the unread stays until something else is.
  const [opened, setOpened] = useState<Story | null>(null);
  const rows = stories.data && withStory(stories.data, filter.unread ? opened : null);
  const chosen = rows?.find(({ reports }) => reports.some(({ id }) => id === article)) ?? null;

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
  const select = (story: Story) => {
    setOpened({ ...story, unread: 0, reports: story.reports.map((report) => ({ ...report, read: true })) });
    reading.open(story);
    goTo({ article: reportToOpen(story).id });
  };
  const open = (story: Story) => {
    if (story.id === chosen?.id) reading.open(story);
    else select(story);
    openInspector(true);
  };
  const change = ({ asset: about, ...rest }: Partial<StoryFilter>) => {
    setOpened(null);
    setOwn((now) => ({ ...now, ...rest }));
    if (about !== undefined) goTo({ asset: about });
  };
  const focusList = () => document.querySelector<HTMLElement>('[data-testid="news-list"]')?.focus();
  const setSearch = useCallback((words: string) => setOwn((now) => ({ ...now, search: words })), []);
  useNewsKeys({
    rows: rows ?? [],
    selected: chosen?.id ?? null,
    onSelect: select,
    onToggleRead: reading.toggle,
    onToggleUnread: () => change({ unread: !own.unread, tone: null }),
    onOriginal: ({ reports, first }) => openExternal((reports.find(({ id }) => id === article) ?? first).url),
    search,
  });

  // The newest story lies open when the screen is entered; from then on the choice is the person's.
  const newest = rows?.[0]?.first.id ?? null;
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
      inspector={<Reader id={article} onReport={(id) => goTo({ article: id })} />}
    >
      <StoryList
        stories={stories}
        rows={rows}
        filter={filter}
        counts={counts}
        selected={chosen?.id ?? null}
        searchRef={search}
        onSelect={select}
        onOpen={open}
        onReadAll={() => reading.readAll(rows ?? [])}
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
