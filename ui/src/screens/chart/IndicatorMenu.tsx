import { useQuery } from "@tanstack/react-query";
import { Plus, Trash2, Waves } from "lucide-react";
import type { IndicatorDto, IndicatorRequest } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { usePreferences } from "../../preferences";
import { IconButton } from "../../widgets/Button";
import { NumberInput } from "../../widgets/NumberInput";
import { PanelHead } from "../../widgets/PanelHead";
import { Popover } from "../../widgets/Popover";

/** So many panes of their own leave the candles enough room. */
const MOST_OWN = 3;

/** Which indicators are drawn, and with which settings. */
export function IndicatorMenu() {
  const text = useText().chart.indicators;
  const known = useQuery(queries.indicators()).data ?? [];
  const chosen = usePreferences((state) => state.indicators);
  const set = usePreferences((state) => state.set);
  const about = (request: IndicatorRequest) => known.find((one) => one.id === request.id);
  const own = chosen.filter((request) => about(request)?.pane === "own").length;
  const replace = (index: number, params: number[]) =>
    set({ indicators: chosen.map((request, at) => (at === index ? { ...request, params } : request)) });
  const add = (indicator: IndicatorDto) =>
    set({ indicators: [...chosen, { id: indicator.id, params: indicator.params.map((param) => param.default) }] });
  return (
    <Popover
      label={text.title}
      align="end"
      testId="indicator-menu"
      className="flex max-h-[60vh] w-72 flex-col"
      trigger={
        <IconButton label={text.title} data-testid="indicators">
          <Waves />
        </IconButton>
      }
    >
      <PanelHead title={text.title} />
      <div className="overflow-y-auto">
        {chosen.length === 0 && <p className="p-3 text-12 text-muted">{text.none}</p>}
        {chosen.map((request, index) => {
          const indicator = about(request);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same indicator may be drawn twice, its place names it
            <div key={`${request.id}${index}`} className="flex items-center gap-2 px-3 py-1">
              <span className="min-w-0 flex-1 truncate text-12" title={indicator?.about}>
                {indicator?.title ?? request.id}
              </span>
              {indicator?.params.map((param, at) => (
                <NumberInput
                  key={param.name}
                  className="w-16"
                  label={`${indicator.title}: ${param.name}`}
                  value={request.params[at] ?? param.default}
                  min={param.min}
                  max={param.max}
                  onValue={(value) =>
                    replace(
                      index,
                      indicator.params.map((other, place) =>
                        place === at ? value : (request.params[place] ?? other.default),
                      ),
                    )
                  }
                />
              ))}
              <IconButton
                label={text.remove(indicator?.title ?? request.id)}
                onClick={() => set({ indicators: chosen.filter((_, at) => at !== index) })}
              >
                <Trash2 />
              </IconButton>
            </div>
          );
        })}
        <div className="mt-1 border-line border-t py-1">
          {known.map((indicator) => (
            <button
              key={indicator.id}
              type="button"
              disabled={indicator.pane === "own" && own >= MOST_OWN}
              title={indicator.about}
              onClick={() => add(indicator)}
              className="flex h-7 w-full items-center gap-2 px-3 text-left text-12 text-muted hover:bg-hover hover:text-fg disabled:opacity-45"
            >
              <Plus className="size-3.5 shrink-0" aria-hidden />
              <span className="truncate">{indicator.title}</span>
            </button>
          ))}
          {own >= MOST_OWN && <p className="px-3 py-1 text-11 text-faint">{text.full}</p>}
        </div>
      </div>
    </Popover>
  );
}
