import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { FetchRequest, FetchSourceDto, VenueDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { queries } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { useNow } from "../../useNow";
import { Button } from "../../widgets/Button";
import { Dialog } from "../../widgets/Dialog";
import { Field } from "../../widgets/Field";
import { Segmented } from "../../widgets/Segmented";
import { Select } from "../../widgets/Select";
import { showNote } from "../../widgets/toast";
import { closeDialog, useWindowState } from "../windowState";
import { DateSpan } from "./DateSpan";
import { FetchPlanNote } from "./FetchPlanNote";
import { INTERVALS } from "./intervals";
import { SymbolSearch } from "./SymbolSearch";
import { type SpanChoice, spanOf } from "./span";

/** Until the program has told its venues. */
const DEFAULT_VENUE: VenueDto = {
  id: "binance",
  name: "Binance spot",
  example: "BTCUSDT",
  intervals: [...INTERVALS],
  stream: true,
  archive: false,
  pageCandles: 1_000,
  note: "",
};

const SPANS = ["month", "year", "all", "custom"] as const;
const SOURCES = ["auto", "archive", "rest"] as const;

/** Which history to fetch, and from where. */
export function FetchDialog() {
  const text = useText().data.fetchDialog;
  const start = useWindowState((state) => state.fetchStart);
  const venues = useQuery(queries.venues()).data ?? [DEFAULT_VENUE];
  const [venueId, setVenueId] = useState(start?.venue ?? null);
  const venue = venues.find((one) => one.id === venueId) ?? venues[0] ?? DEFAULT_VENUE;
  const [symbol, setSymbol] = useState(start?.symbol ?? "");
  const [wished, setWished] = useState<string>(start?.interval ?? "1h");
  const interval = venue.intervals.includes(wished) ? wished : (venue.intervals[0] ?? wished);
  const [choice, setChoice] = useState<SpanChoice>(start?.from || start?.to ? "custom" : "year");
  const [from, setFrom] = useState(start?.from ?? "");
  const [to, setTo] = useState(start?.to ?? "");
  const [chosenSource, setSource] = useState<FetchSourceDto>("auto");
  const source = venue.archive ? chosenSource : "auto";
  const span = spanOf(choice, useNow(60_000), from, to);
  const fetch = useCommand((request: FetchRequest) => answer(commands.fetchHistory(request)));
  const ready = symbol.trim() !== "" && span !== null;
  const submit = () => {
    if (!span || !ready) return;
    const request = { venue: venue.id, symbol: symbol.trim(), interval, source };
    fetch.mutate(
      { ...request, from: Math.round(span.from), to: span.to },
      {
        onSuccess: () => {
          showNote(text.started(symbol.trim()));
          closeDialog();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onClose={closeDialog}
      title={text.title}
      about={text.about}
      testId="fetch-dialog"
      actions={
        <Button kind="primary" disabled={!ready || fetch.isPending} onClick={submit} data-testid="fetch-start">
          {text.start}
        </Button>
      }
    >
      <form
        className="grid grid-cols-[minmax(0,1fr)] gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className="grid grid-cols-[minmax(0,1fr)_96px] gap-3">
          <Field label={text.venue}>
            {({ id }) => (
              <Select
                id={id}
                labelledBy={`${id}-label`}
                value={venue.id}
                onChange={setVenueId}
                options={venues.map((one) => ({ value: one.id, label: one.name }))}
                testId="fetch-venue"
              />
            )}
          </Field>
          <Field label={text.interval}>
            {({ id }) => (
              <Select
                id={id}
                labelledBy={`${id}-label`}
                value={interval}
                onChange={setWished}
                options={venue.intervals.map((one) => ({ value: one, label: one }))}
                testId="fetch-interval"
              />
            )}
          </Field>
        </div>
        <div className="grid gap-1">
          <Field label={text.symbol}>
            {({ id }) => <SymbolSearch id={id} venue={venue} value={symbol} onValue={setSymbol} />}
          </Field>
          {venue.note !== "" && <p className="text-11 text-faint">{venue.note}</p>}
        </div>
        <div className="grid gap-1">
          <span className="text-12 text-muted">{text.span}</span>
          <Segmented
            wide
            label={text.span}
            value={choice}
            onChange={setChoice}
            choices={SPANS.map((value) => ({ value, label: text.spans[value], testId: `fetch-span-${value}` }))}
          />
        </div>
        {choice === "custom" && <DateSpan from={from} to={to} onFrom={setFrom} onTo={setTo} />}
        {venue.archive && (
          <div className="grid gap-1">
            <span className="text-12 text-muted">{text.source}</span>
            <Segmented
              wide
              label={text.source}
              value={source}
              onChange={setSource}
              choices={SOURCES.map((value) => ({ value, label: text.sources[value], testId: `fetch-source-${value}` }))}
            />
            <p className="text-11 text-faint">{text.sourceAbout[source]}</p>
          </div>
        )}
        <FetchPlanNote venue={venue.id} symbol={symbol.trim()} interval={interval} span={span} />
        <button type="submit" className="hidden" tabIndex={-1} aria-hidden />
      </form>
    </Dialog>
  );
}
