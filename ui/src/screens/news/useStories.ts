// Stories page by page, newest first.
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { answer, commands } from "../../backend/client";
import { keys, queries } from "../../backend/queries";
import {
  assetsOf,
  countTones,
  MOST_AT_ONCE,
  mergePages,
  nextBefore,
  PAGE,
  requestOf,
  type StoryFilter,
} from "./filter";

const FIRST_PAGE: number | null = null;

/** The stories of a filter as far as they were scrolled to. */
export function useStories(filter: StoryFilter) {
  const query = useInfiniteQuery({
    queryKey: [...keys.articles, "pages", requestOf(filter, null, PAGE)],
    queryFn: ({ pageParam }) => answer(commands.listArticles(requestOf(filter, pageParam, PAGE))),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => nextBefore(page, PAGE),
    select: ({ pages }) => mergePages(pages),
    placeholderData: keepPreviousData,
  });
  return query;
}

/** What is known about the stories of a filter whatever their tone. */
export function useStoryCounts(filter: StoryFilter) {
  const { data } = useQuery({
    ...queries.articles(requestOf({ ...filter, tone: null }, null, MOST_AT_ONCE)),
    placeholderData: keepPreviousData,
  });
  return useMemo(() => (data ? countTones(data, MOST_AT_ONCE) : null), [data]);
}

/** Assets of the newest stories, whatever is filtered. */
export function useStoryAssets() {
  const { data } = useQuery(
    queries.articles(requestOf({ tone: null, asset: null, sourceId: null, search: "" }, null, MOST_AT_ONCE)),
  );
  return useMemo(() => assetsOf(data ?? []), [data]);
}
