import { clsx } from "clsx";
import type { ArticleRowDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { Ago } from "../../widgets/Ago";
import { SentimentPill, Tag } from "../../widgets/Pill";

/** How many assets a row names. */
const MOST_TAGS = 3;

/** One story of the list, 60 px high: headline and sentiment over source, time and assets. */
export function StoryRow({ row, unread, current }: { row: ArticleRowDto; unread: boolean; current: boolean }) {
  const text = useText().news;
  return (
    <div className="grid h-full grid-cols-[minmax(0,1fr)_auto] content-center items-center gap-x-3 gap-y-1.5 border-line border-b px-3">
      <h3
        className={clsx(
          "flex min-w-0 items-center gap-2 text-13 leading-[18px]",
          unread ? "font-medium" : !current && "text-muted",
        )}
      >
        <span className="truncate">{row.title}</span>
        {unread && <span className="sr-only">{text.unread}</span>}
      </h3>
      <SentimentPill sentiment={row.sentiment} />
      <p className="flex min-w-0 items-center gap-1.5 text-11 text-faint">
        <span className="truncate">{row.source}</span>
        <span aria-hidden>·</span>
        <span className="shrink-0">
          <Ago at={row.published ?? row.availableAt} />
        </span>
        {row.status !== "full" && (
          <>
            <span aria-hidden>·</span>
            <span className="truncate">{text.status[row.status]}</span>
          </>
        )}
        {row.simulated && (
          <>
            <span aria-hidden>·</span>
            <span className="shrink-0 text-warn">{text.simulated}</span>
          </>
        )}
      </p>
      <span className="flex justify-end gap-1">
        {row.assets.slice(0, MOST_TAGS).map((tag) => (
          <Tag key={tag.asset}>{tag.asset}</Tag>
        ))}
      </span>
    </div>
  );
}
