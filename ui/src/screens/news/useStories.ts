// Stories page by page, newest first.
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { StoryDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { keys, queries } from "../../backend/queries";
import {
  type After,
  assetsOf,
  countStories,
  MOST_AT_ONCE,
  mergePages,
  NO_FILTER,
  nextAfter,
  PAGE,
  requestOf,
  type StoryFilter,
} from "./filter";
import { storyOf } from "./story";

const FIRST_PAGE: After | null = null;

const storiesOf = (page: readonly StoryDto[]) => page.flatMap((story) => storyOf(story) ?? []);

/** The stories of a filter as far as they were scrolled to. */
export function useStories(filter: StoryFilter) {
  const query = useInfiniteQuery({
    queryKey: [...keys.stories, "pages", requestOf(filter, null, PAGE)],
    queryFn: ({ pageParam }) => answer(commands.listStories(requestOf(filter, pageParam, PAGE))),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => nextAfter(storiesOf(page), PAGE),
    select: ({ pages }) => mergePages(pages.map(storiesOf)),
    placeholderData: keepPreviousData,
  });
  return query;
}

/** What is known about the stories of a filter, whatever their tone and whether they were read. */
export function useStoryCounts(filter: StoryFilter) {
  const { data } = useQuery({
    ...queries.stories(requestOf({ ...filter, tone: null, unread: false }, null, MOST_AT_ONCE)),
    placeholderData: keepPreviousData,
  });
  return useMemo(() => (data ? countStories(storiesOf(data), MOST_AT_ONCE) : null), [data]);
}

/** Assets of the newest stories, whatever is filtered. */
export function useStoryAssets() {
  const { data } = useQuery(queries.stories(requestOf(NO_FILTER, null, MOST_AT_ONCE)));
  return useMemo(() => assetsOf(storiesOf(data ?? [])), [data]);
}
