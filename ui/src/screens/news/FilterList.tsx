import type { ToneDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { List, ListRow } from "../../widgets/List";
import { PanelHead } from "../../widgets/PanelHead";
import { toneColour } from "../../widgets/Pill";
import type { StoryCounts, StoryFilter } from "./filter";
import { useStoryAssets } from "./useStories";

const TONES: readonly ToneDto[] = ["positive", "negative", "neutral"];
const SHAPE: Record<ToneDto, string> = { positive: "▲", negative: "▼", neutral: "■" };
/** More assets than these can be searched for. */
const MOST_ASSETS = 8;

interface FilterListProps {
  filter: StoryFilter;
  counts: StoryCounts | null;
  onFilter: (change: Partial<StoryFilter>) => void;
}

/** Stories that were not read, by sentiment and by asset. */
export function FilterList({ filter, counts, onFilter }: FilterListProps) {
  const text = useText().news;
  const format = useFormat();
  const assets = useStoryAssets();
  const shown = assets.slice(0, MOST_ASSETS);
  const chosen = filter.asset;
  if (chosen !== null && !shown.some(({ asset }) => asset === chosen)) {
    shown.push({ asset: chosen, count: assets.find(({ asset }) => asset === chosen)?.count ?? 0 });
  }
  const countOf = (of: ToneDto | "all" | "unread") =>
    counts ? `${format.count(counts[of])}${counts.more ? "+" : ""}` : "";
  const isAll = filter.tone === null && !filter.unread;
  return (
    <>
      <PanelHead title={text.filters.title} />
      <List label={text.filters.title} className="shrink-0 py-1" testId="news-tones">
        <ListRow current={isAll} onClick={() => onFilter({ tone: null, unread: false })} data-testid="tone-all">
          <span className="font-medium">{text.filters.all}</span>
          <span className="text-faint tabular-nums">{countOf("all")}</span>
        </ListRow>
        <ListRow
          current={filter.unread}
          onClick={() => onFilter({ unread: !filter.unread, tone: null })}
          data-testid="unread"
        >
          <span className="flex items-center gap-2 font-medium">
            <span aria-hidden className="size-1.5 rounded-full bg-accent" />
            {text.filters.unread}
          </span>
          <span className="text-faint tabular-nums">{countOf("unread")}</span>
        </ListRow>
        {TONES.map((tone) => (
          <ListRow
            key={tone}
            current={filter.tone === tone}
            onClick={() => onFilter({ tone: filter.tone === tone ? null : tone, unread: false })}
            data-testid={`tone-${tone}`}
          >
            <span className="flex items-center gap-2 font-medium">
              <span aria-hidden className={`w-1.5 text-[8px] ${toneColour(tone)}`}>
                {SHAPE[tone]}
              </span>
              {text.filters[tone]}
            </span>
            <span className="text-faint tabular-nums">{countOf(tone)}</span>
          </ListRow>
        ))}
      </List>
      {shown.length > 0 && (
        <div className="flex min-h-0 shrink flex-col border-line border-t">
          <PanelHead title={text.assets.title} />
          <List label={text.assets.title} className="py-1" testId="news-assets">
            <ListRow current={chosen === null} onClick={() => onFilter({ asset: null })}>
              <span className="font-medium">{text.assets.all}</span>
            </ListRow>
            {shown.map(({ asset, count }) => (
              <ListRow key={asset} current={chosen === asset} onClick={() => onFilter({ asset })}>
                <span className="font-medium">{asset}</span>
                <span className="text-faint tabular-nums">{format.count(count)}</span>
              </ListRow>
            ))}
          </List>
        </div>
      )}
    </>
  );
}
