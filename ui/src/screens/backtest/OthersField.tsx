import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { Check, Plus, Search, X } from "lucide-react";
import { useState } from "react";
import type { SeriesDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { openFetch } from "../../shell/windowState";
import { useFormat } from "../../useFormat";
import { Button, IconButton } from "../../widgets/Button";
import { TextInput } from "../../widgets/Field";
import { List, ListRow } from "../../widgets/List";
import { Popover } from "../../widgets/Popover";
import { FormRow } from "./FormRow";
import type { Faults } from "./faults";
import { faultText } from "./faultText";
import { changeTerms } from "./formStore";
import { chosenOthers, MOST_SYMBOLS, matching, possibleOthers, toggled } from "./rotation";
import type { Terms } from "./terms";

interface OthersFieldProps {
  terms: Terms;
  series: SeriesDto;
  all: readonly SeriesDto[];
  faults: Faults | null;
}

/** Which series share the account with the first, in the order that decides between equal scores. */
export function OthersField({ terms, series, all, faults }: OthersFieldProps) {
  const { rotation: text, faults: faultTexts } = useText().backtest;
  const format = useFormat();
  const fetchable = useQuery(queries.venues()).data?.some((venue) => venue.id === series.venue) ?? false;
  const possible = possibleOthers(series, all);
  const chosen = chosenOthers(terms.otherIds, possible);
  const ids = chosen.map(({ id }) => id);
  const set = (otherIds: readonly number[]) => changeTerms({ otherIds });
  const error = faultText(faults?.others, faultTexts, format);
  return (
    <>
      <FormRow label={text.others} hint={text.othersAbout} error={possible.length > 0 ? error : null}>
        {({ id, describedBy }) =>
          possible.length === 0 ? (
            <Button
              id={id}
              className="w-52"
              disabled={!fetchable}
              onClick={() => openFetch({ venue: series.venue, symbol: "", interval: series.interval })}
              data-testid="others-fetch"
            >
              {text.fetch}
            </Button>
          ) : (
            <Popover
              label={text.others}
              align="end"
              testId="others-list"
              className="grid w-80 grid-cols-[minmax(0,1fr)] gap-1 pt-2"
              trigger={
                <Button
                  id={id}
                  icon={<Plus />}
                  aria-describedby={describedBy}
                  className={clsx("w-52 justify-start", error !== null && "border-danger!")}
                  data-testid="others-open"
                >
                  {text.chosen(chosen.length, possible.length)}
                </Button>
              }
            >
              <Choices possible={possible} ids={ids} onChange={set} />
            </Popover>
          )
        }
      </FormRow>
      {possible.length === 0 && <p className="text-right text-11 text-faint">{text.nonePossible(series.interval)}</p>}
      {chosen.length > 0 && (
        <ul
          aria-label={text.others}
          data-testid="others-chosen"
          className="flex max-h-24 flex-wrap justify-end gap-1 overflow-y-auto py-0.5"
        >
          {chosen.map(({ id, symbol }) => (
            <li
              key={id}
              data-testid="other-chip"
              className="flex items-center rounded-sm border border-edge bg-raised pl-1.5 text-11 text-muted"
            >
              {symbol}
              <IconButton
                label={text.takeOut(symbol)}
                className="size-5 [&_svg]:size-3"
                onClick={() => set(ids.filter((one) => one !== id))}
              >
                <X />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

interface ChoicesProps {
  possible: readonly SeriesDto[];
  ids: readonly number[];
  onChange: (ids: readonly number[]) => void;
}

function Choices({ possible, ids, onChange }: ChoicesProps) {
  const text = useText().backtest.rotation;
  const format = useFormat();
  const [wanted, setWanted] = useState("");
  const found = matching(possible, wanted);
  const missing = found.filter(({ id }) => !ids.includes(id)).slice(0, MOST_SYMBOLS - 1 - ids.length);
  const first = found[0];
  return (
    <>
      <div className="flex items-center gap-1 px-2">
        <TextInput
          value={wanted}
          onValue={setWanted}
          aria-label={text.search}
          placeholder={text.search}
          unit={<Search className="size-3.5" aria-hidden />}
          className="min-w-0 flex-1"
          data-testid="others-search"
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !first || wanted.trim() === "") return;
            event.preventDefault();
            onChange(toggled(ids, first.id));
            setWanted("");
          }}
        />
        <Button
          disabled={missing.length === 0}
          onClick={() => onChange([...ids, ...missing.map(({ id }) => id)])}
          data-testid="others-all"
        >
          {text.all}
        </Button>
        <Button disabled={ids.length === 0} onClick={() => onChange([])} data-testid="others-none">
          {text.none}
        </Button>
      </div>
      {found.length === 0 ? (
        <p className="px-3 py-2 text-12 text-faint">{text.noMatch}</p>
      ) : (
        <List label={text.others} className="max-h-72 pb-1">
          {found.map(({ id, symbol, first: from, last: to, rows }) => {
            const at = ids.indexOf(id);
            return (
              <ListRow
                key={id}
                role="checkbox"
                aria-checked={at >= 0}
                aria-label={symbol}
                columns="20px minmax(0,1fr) auto"
                title={text.stored(format.date(from), format.date(to), format.count(rows))}
                onClick={() => onChange(toggled(ids, id))}
                data-testid="other-choice"
              >
                {at >= 0 ? <Check className="size-3.5 text-accent" aria-hidden /> : <span />}
                <span className="truncate font-medium">{symbol}</span>
                <span className="text-11 text-faint tabular-nums">
                  {format.date(from)} → {format.date(to)}
                </span>
              </ListRow>
            );
          })}
        </List>
      )}
    </>
  );
}
