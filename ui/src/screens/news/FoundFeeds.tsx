import { clsx } from "clsx";
import { RadioGroup } from "radix-ui";
import type { FoundFeedDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { Ago } from "../../widgets/Ago";
import { Tag } from "../../widgets/Pill";

interface FoundFeedsProps {
  feeds: readonly FoundFeedDto[];
  chosen: string | null;
  onChoose: (url: string) => void;
}

/** The feeds that were found, one to be chosen, and what the chosen one lists now. */
export function FoundFeeds({ feeds, chosen, onChoose }: FoundFeedsProps) {
  const text = useText().news.addSource;
  const shown = feeds.find(({ url }) => url === chosen) ?? feeds[0];
  return (
    <>
      <RadioGroup.Root
        aria-label={text.found(feeds.length)}
        value={chosen ?? ""}
        onValueChange={onChoose}
        className="grid gap-px overflow-hidden rounded-md border border-line"
      >
        {feeds.map((feed) => (
          <RadioGroup.Item
            key={feed.url}
            value={feed.url}
            disabled={feed.known}
            data-testid="found-feed"
            className={clsx(
              "grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-2.5 px-2.5 py-1.5 text-left text-12 hover:bg-hover focus-visible:-outline-offset-2",
              "disabled:pointer-events-none disabled:text-faint data-[state=checked]:bg-selected",
            )}
          >
            <span
              aria-hidden
              className={clsx(
                "grid size-3.5 place-items-center rounded-full border",
                feed.url === chosen ? "border-accent" : "border-edge",
              )}
            >
              {feed.url === chosen && <span className="size-1.5 rounded-full bg-accent" />}
            </span>
            <span className="min-w-0">
              <span className="block truncate font-medium">{feed.title === "" ? feed.url : feed.title}</span>
              <span className="block truncate text-11 text-faint">{feed.url}</span>
            </span>
            {feed.known ? (
              <Tag>{text.known}</Tag>
            ) : (
              <span className="text-11 text-faint">{text.items(feed.count)}</span>
            )}
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
      {shown && (
        <section aria-label={text.preview} data-testid="feed-preview">
          <h3 className="mb-1 text-12 text-muted">{text.preview}</h3>
          <ol className="grid gap-1 text-12">
            {shown.items.map((item) => (
              <li key={item.url} className="flex items-baseline gap-3">
                <span className="min-w-0 flex-1 truncate" title={item.summary}>
                  {item.title}
                </span>
                <span className="shrink-0 text-11 text-faint">
                  {item.published === null ? text.undated : <Ago at={item.published} />}
                </span>
              </li>
            ))}
          </ol>
          {shown.items.length === 0 && <p className="text-12 text-faint">{text.listsNothing}</p>}
        </section>
      )}
    </>
  );
}
