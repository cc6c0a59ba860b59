import { CheckCheck, Newspaper, SearchX } from "lucide-react";
import type { Ref } from "react";
import { answer, commands, problemOf } from "../../backend/client";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { Button, IconButton } from "../../widgets/Button";
import { EmptyState } from "../../widgets/EmptyState";
import { ErrorView } from "../../widgets/ErrorView";
import { PanelHead } from "../../widgets/PanelHead";
import { Skeleton } from "../../widgets/Skeleton";
import { VirtualList } from "../../widgets/VirtualList";
import { isFiltered, type StoryCounts, type StoryFilter } from "./filter";
import { SearchBox } from "./SearchBox";
import { StoryRow } from "./StoryRow";
import type { Story } from "./story";
import type { useStories } from "./useStories";

interface StoryListProps {
  stories: ReturnType<typeof useStories>;
  /** The stories to show, once there are any. */
  rows: readonly Story[] | undefined;
  filter: StoryFilter;
  counts: StoryCounts | null;
  /** The chosen story. */
  selected: number | null;
  searchRef: Ref<HTMLInputElement>;
  onSelect: (story: Story) => void;
  onOpen: (story: Story) => void;
  onReadAll: () => void;
  onSearch: (search: string) => void;
  onLeaveSearch: () => void;
  onShowAll: () => void;
  onAdd: () => void;
}

const keyOf = (story: Story) => story.id;

/** The stories of the filter in all their states. */
export function StoryList(props: StoryListProps) {
  const { stories, rows, filter, counts } = props;
  const text = useText();
  const format = useFormat();
  const known = counts?.[filter.unread ? "unread" : (filter.tone ?? "all")] ?? 0;
  const title = counts?.more ? text.news.storiesAtLeast(known) : text.news.stories(known);
  return (
    <>
      <PanelHead title={counts ? title : text.shell.screens.news}>
        <SearchBox ref={props.searchRef} value={filter.search} onValue={props.onSearch} onLeave={props.onLeaveSearch} />
        <IconButton
          label={text.news.readAll}
          onClick={props.onReadAll}
          disabled={(counts?.unread ?? 0) === 0}
          data-testid="read-all"
        >
          <CheckCheck />
        </IconButton>
      </PanelHead>
      {stories.isError && rows && (
        <p role="status" className="shrink-0 border-line border-b bg-raised px-3 py-1 text-11 text-warn">
          {text.shell.states.stale}
        </p>
      )}
      {rows ? (
        rows.length > 0 ? (
          <Rows {...props} rows={rows} />
        ) : (
          <Nothing {...props} />
        )
      ) : stories.isError ? (
        <ErrorView problem={problemOf(stories.error)} onRetry={() => void stories.refetch()} />
      ) : (
        <Skeleton rows={14} />
      )}
      <p className="sr-only" role="status">
        {rows ? `${title}, ${text.news.mean(format.score(counts?.mean ?? null))}` : ""}
      </p>
    </>
  );
}

function Rows({ rows, stories, selected, onSelect, onOpen }: StoryListProps & { rows: readonly Story[] }) {
  const text = useText();
  return (
    <>
      <VirtualList
        label={text.shell.screens.news}
        rows={rows}
        rowKey={keyOf}
        rowHeight={60}
        selected={selected}
        onSelect={onSelect}
        onActivate={onOpen}
        onEnd={() => {
          if (stories.hasNextPage && !stories.isFetchingNextPage) void stories.fetchNextPage();
        }}
        testId="news-list"
        rowData={(story) => ({ "data-testid": "news-row", "data-article-id": story.first.id })}
      >
        {(story, current) => <StoryRow story={story} current={current} />}
      </VirtualList>
      {stories.isFetchingNextPage && (
        <p role="status" className="shrink-0 border-line border-t px-3 py-1 text-11 text-faint">
          {text.news.loadingOlder}
        </p>
      )}
    </>
  );
}

function Nothing({ filter, onAdd, onShowAll }: StoryListProps) {
  const text = useText().news;
  const sample = useCommand(() => answer(commands.loadSample()));
  return isFiltered(filter) ? (
    <EmptyState
      icon={<SearchX />}
      title={text.noMatch.title}
      body={text.noMatch.body}
      actions={<Button onClick={onShowAll}>{text.showAll}</Button>}
    />
  ) : (
    <EmptyState
      icon={<Newspaper />}
      title={text.empty.title}
      body={text.empty.body}
      actions={
        <>
          <Button kind="primary" onClick={onAdd}>
            {text.sources.add}
          </Button>
          <Button onClick={() => sample.mutate(undefined)} disabled={sample.isPending}>
            {text.empty.sample}
          </Button>
        </>
      }
    />
  );
}
