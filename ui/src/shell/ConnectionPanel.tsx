import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import { Popover as Radix } from "radix-ui";
import type { ReactNode } from "react";
import type { ConnectionDto } from "../backend/bindings";
import { queries } from "../backend/queries";
import { useText } from "../i18n/text";
import { venueName } from "../screens/chart/venueName";
import { useFormat } from "../useFormat";
import { useNow } from "../useNow";
import { Ago } from "../widgets/Ago";
import { PanelHead } from "../widgets/PanelHead";
import { QueryView } from "../widgets/QueryView";
import { ConnectionActions } from "./ConnectionActions";
import { byUrgency, untilRetry, usedShare } from "./connections";
import { StateDot } from "./LiveChip";
import { Progress } from "./Progress";

const REFRESH_MS = 1_000;

/** Every venue in words: how it stands, since when, why, what happens next, and what can be done. */
export function ConnectionPanel() {
  const text = useText().connection;
  // Budget and last message move all the time; who looks at them sees them move.
  const query = useQuery({ ...queries.connections(), refetchInterval: REFRESH_MS });
  return (
    <>
      <PanelHead title={text.title}>
        <Radix.Close asChild>
          <Link
            to="/settings"
            search={{ section: "network" }}
            className="rounded-sm px-1.5 text-12 text-muted hover:text-fg"
          >
            {text.settings}
          </Link>
        </Radix.Close>
      </PanelHead>
      <div className="min-h-0 overflow-y-auto">
        <QueryView query={query}>
          {(connections) =>
            connections.length === 0 ? (
              <p className="p-3 text-12 text-muted">{text.unknown}</p>
            ) : (
              <ul>
                {byUrgency(connections).map((one) => (
                  <Venue key={one.venue} connection={one} />
                ))}
              </ul>
            )
          }
        </QueryView>
      </div>
    </>
  );
}

function Fact({ label, wide = false, children }: { label: string; wide?: boolean; children: ReactNode }) {
  return (
    <div className={clsx("grid gap-2", wide ? "grid-cols-[124px_minmax(0,1fr)]" : "grid-cols-[52px_minmax(0,1fr)]")}>
      <dt className="text-faint">{label}</dt>
      <dd className="select-text break-words text-muted tabular-nums">{children}</dd>
    </div>
  );
}

function Venue({ connection }: { connection: ConnectionDto }) {
  const text = useText();
  const format = useFormat();
  const { state, since, reason } = connection;
  const words = text.connection;
  const quiet = state === "off";
  const fine = state === "live" || state === "connecting";
  return (
    <li
      data-testid="connection"
      data-venue={connection.venue}
      data-state-name={state}
      className="grid gap-2 border-line border-b px-3 py-2.5 text-12 last:border-0"
    >
      <div className="flex items-center gap-2">
        <StateDot state={state} />
        <span className="font-semibold">{venueName(connection.venue, text.chart)}</span>
        <span className="text-muted">{words.short[state]}</span>
        {since !== null && (
          <span className="ml-auto truncate text-11 text-faint">
            {format.time(since)} {format.zoneName(since)} · <Ago at={since} />
          </span>
        )}
      </div>
      <p className={quiet ? "text-faint" : ""}>{words.about[state]}</p>
      {!quiet && (
        <dl className="grid gap-1">
          {reason !== null && <Fact label={words.why}>{reason}</Fact>}
          <Next connection={connection} />
          {(connection.advice !== null || !fine) && (
            <Fact label={words.toDo}>{connection.advice ?? words.advice[state]}</Fact>
          )}
        </dl>
      )}
      <ConnectionActions connection={connection} />
      {!quiet && <Figures connection={connection} />}
    </li>
  );
}

/** What will happen, with the seconds running, and why nothing can be done before. */
function Next({ connection }: { connection: ConnectionDto }) {
  const text = useText().connection;
  const format = useFormat();
  const now = useNow();
  const left = untilRetry(connection, now);
  const until = connection.pausedUntil !== null && connection.pausedUntil > now ? connection.pausedUntil : null;
  const pause = until !== null || connection.state === "paused" || connection.state === "banned";
  if (left === null) return null;
  const time = format.duration(left);
  return (
    <Fact label={text.next}>
      <span data-testid="connection-next">{left === 0 ? text.now : pause ? text.goesOn(time) : text.tries(time)}</span>
      {until !== null && (
        <span className="block text-faint" data-testid="connection-not-before">
          {text.notBefore(`${format.time(until)} ${format.zoneName(until)}`)}
        </span>
      )}
    </Fact>
  );
}

function Figures({ connection }: { connection: ConnectionDto }) {
  const text = useText().connection;
  const format = useFormat();
  const now = useNow();
  const share = usedShare(connection);
  const { weightUsed, weightLimit, lastFrame, malformed } = connection;
  const age = lastFrame === null ? null : Math.max(0, now - lastFrame) / 1_000;
  return (
    <dl className="grid gap-1 text-11">
      {weightUsed !== null && (
        <Fact wide label={text.requests}>
          <span className="flex items-center gap-2">
            {weightLimit === null
              ? format.count(weightUsed)
              : text.requestsOf(format.count(weightUsed), format.count(weightLimit))}
            {share !== null && <Progress done={share} total={1} label={text.requests} className="w-24" />}
          </span>
        </Fact>
      )}
      {connection.connections > 0 && (
        <Fact wide label={text.streams}>
          {text.streamsOn(connection.streams, connection.connections)}
        </Fact>
      )}
      {lastFrame !== null && age !== null && (
        <Fact wide label={text.lastFrame}>
          {age < 60 ? text.secondsAgo(format.number(age, 0)) : <Ago at={lastFrame} />}
        </Fact>
      )}
      {malformed > 0 && (
        <Fact wide label={text.malformed}>
          {format.count(malformed)}
        </Fact>
      )}
    </dl>
  );
}
