// How the in-memory program stands with its venues. The flag `connection=banned` shows that state of the first venue.
import type { ConnectionDto, ConnectionStateDto } from "../bindings";
import { fakeNow, MINUTE } from "./clock";
import { STATE_SINCE } from "./watching";
import type { World } from "./world";

const BLANK: Omit<ConnectionDto, "venue" | "state"> = {
  since: null,
  retryAt: null,
  reason: null,
  advice: null,
  alternative: null,
  pausedUntil: null,
  canTryNow: false,
  weightUsed: 0,
  weightLimit: 6_000,
  connections: 0,
  streams: 0,
  lastFrame: null,
  malformed: 0,
};

const DATA_HOSTS = {
  name: "data-api.binance.vision",
  restUrl: "https://data-api.binance.vision",
  streamUrl: "wss://data-stream.binance.vision",
};

const REASONS: { [S in ConnectionStateDto]: string | null } = {
  off: null,
  connecting: null,
  live: null,
  reconnecting: "the stream was closed by the exchange (code 1006)",
  paused: "the exchange answered 429 and asked to wait 38 s",
  banned: "the exchange answered 418: too many requests from this address",
  restricted: "the exchange answered 451 from api.binance.com: service unavailable from a restricted location",
  blocked: "api.binance.com answered 403 with a page that is not the exchange's",
  unreachable: "the name api.binance.com could not be looked up",
  failed: "the stream refused every symbol: BTCUSDX is unknown",
};

const RETRY_MS: Partial<Record<ConnectionStateDto, number>> = {
  reconnecting: 7_000,
  paused: 38_000,
  banned: 52 * MINUTE,
  unreachable: 26_000,
};

function firstVenue(world: World, state: ConnectionStateDto): ConnectionDto {
  const running = state === "live";
  const retry = RETRY_MS[state];
  const pausing = state === "paused" || state === "banned";
  const moved = world.settings.restUrl === DATA_HOSTS.restUrl;
  return {
    ...BLANK,
    venue: "binance",
    state,
    since: state === "off" ? null : STATE_SINCE,
    retryAt: retry === undefined ? null : world.startedAt + retry,
    reason: REASONS[state],
    pausedUntil: pausing && retry !== undefined ? world.startedAt + retry : null,
    canTryNow: !pausing && !["off", "connecting", "live"].includes(state),
    alternative: !moved && (state === "restricted" || state === "blocked") ? DATA_HOSTS : null,
    weightUsed: state === "off" ? 0 : 1_204,
    connections: running ? 1 : 0,
    streams: running ? world.watchlist.filter((one) => one.venue === "binance").length + 1 : 0,
    lastFrame: running ? fakeNow() - 400 : state === "reconnecting" ? STATE_SINCE - 3_000 : null,
    malformed: running ? 1 : 0,
  };
}

export function connectionsOf(world: World): ConnectionDto[] {
  const flag = world.flags.get("connection");
  const known = Object.keys(REASONS).find((state): state is ConnectionStateDto => state === flag && !world.tried);
  const moved = world.settings.restUrl === DATA_HOSTS.restUrl;
  const state = known && !(moved && known === "restricted") ? known : world.live.state === "live" ? "live" : "off";
  const others: ConnectionDto[] = ["binance-us", "coinbase"].map((venue) => ({
    ...BLANK,
    venue,
    state: "off",
    weightLimit: venue === "coinbase" ? null : 1_200,
    weightUsed: venue === "coinbase" ? null : 0,
  }));
  return [firstVenue(world, state), ...others];
}
