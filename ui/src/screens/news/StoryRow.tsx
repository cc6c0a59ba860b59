import { clsx } from "clsx";
import { useText } from "../../i18n/text";
import { Ago } from "../../widgets/Ago";
import { SentimentPill, Tag } from "../../widgets/Pill";
import type { Story } from "./story";

/** How many assets a row names. */
const MOST_TAGS = 3;

/** One story of the list, 60 px high: headline and sentiment over sources, time and assets. */
export function StoryRow({ story, current }: { story: Story; current: boolean }) {
  const text = useText().news;
  const { first, newest, sources, reports } = story;
  const unread = story.unread > 0;
  return (
    <div className="relative grid h-full grid-cols-[minmax(0,1fr)_auto] content-center items-center gap-x-3 gap-y-1.5 border-line border-b pr-3 pl-4">
      {unread && <span aria-hidden className="absolute top-[18px] left-1.5 size-1.5 rounded-full bg-accent" />}
      <h3
        className={clsx(
          "flex min-w-0 items-center gap-2 text-13 leading-[18px]",
          unread ? "font-semibold" : !current && "text-muted",
        )}
      >
        <span className="truncate">{first.title}</span>
        {unread && <span className="sr-only">{text.unread}</span>}
      </h3>
      <SentimentPill sentiment={story.sentiment} />
      <p className="flex min-w-0 items-center gap-1.5 text-11 text-faint">
        <span className="truncate" title={sources.join(", ")} data-testid="story-sources">
          {text.sourcesOf(sources[0] ?? first.source, sources.length - 1)}
        </span>
        <span aria-hidden>·</span>
        <span className="shrink-0">
          <Ago at={newest.published ?? newest.availableAt} />
        </span>
        {reports.length > 1 && (
          <>
            <span aria-hidden>·</span>
            <span className="shrink-0">{text.reports(reports.length)}</span>
          </>
        )}
        {first.status !== "full" && (
          <>
            <span aria-hidden>·</span>
            <span className="truncate">{text.status[first.status]}</span>
          </>
        )}
        {first.simulated && (
          <>
            <span aria-hidden>·</span>
            <span className="shrink-0 text-warn">{text.simulated}</span>
          </>
        )}
      </p>
      <span className="flex justify-end gap-1">
        {story.assets.slice(0, MOST_TAGS).map((asset) => (
          <Tag key={asset}>{asset}</Tag>
        ))}
        {story.assets.length > MOST_TAGS && <Tag>+{story.assets.length - MOST_TAGS}</Tag>}
      </span>
    </div>
  );
}
