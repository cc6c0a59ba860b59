import type { ConnectionStateDto } from "../../backend/bindings";
import { counter } from "../plural";

const n = counter("en");

type Words = { [S in ConnectionStateDto]: string };

/** In the top bar. */
const short: Words = {
  off: "Not live",
  connecting: "Connecting",
  live: "Live",
  reconnecting: "Reconnecting",
  paused: "Paused",
  banned: "Shut out",
  restricted: "Not served here",
  blocked: "Blocked",
  unreachable: "No connection",
  failed: "Live failed",
};

/** What is the case, in a sentence. */
const about: Words = {
  off: "Nothing is followed or fetched from here.",
  connecting: "The connection is being made.",
  live: "Prices and candles arrive.",
  reconnecting: "The connection broke. What was missed is fetched as soon as it is back.",
  paused: "The exchange asked for a pause, and no request is sent before it ends.",
  banned: "The exchange has shut out this internet address for a while. No request is sent before the end.",
  restricted: "The exchange does not serve the place that this internet address is in.",
  blocked: "Something between here and the exchange refuses, such as a firewall or a filter.",
  unreachable: "The exchange cannot be reached.",
  failed: "The program has given up.",
};

const advice: Words = {
  off: "Go live on the chart to follow prices.",
  connecting: "Nothing.",
  live: "Nothing.",
  reconnecting: "Nothing, it goes on by itself.",
  paused: "Nothing, it goes on by itself.",
  banned: "Wait, and close other programs that ask the same exchange from this address.",
  restricted: "Use another venue, or hosts that serve the same market data without an account.",
  blocked: "Try another network, or hosts that serve the same market data.",
  unreachable: "Check the internet connection. Stored data stays usable.",
  failed: "Check the symbols and the addresses in Settings, then go live again.",
};

export const connection = {
  title: "Connections",
  short,
  about,
  advice,
  since: (at: string, ago: string) => `since ${at}, ${ago}`,
  why: "Why",
  next: "Next",
  tries: (time: string) => `Tries again in ${time}`,
  goesOn: (time: string) => `Goes on by itself in ${time}`,
  now: "Trying now",
  tryNow: "Try now",
  notBefore: (time: string) => `Not before ${time}: whoever asks during a pause is shut out for longer.`,
  toDo: "To do",
  useHosts: (name: string) => `Use ${name}`,
  hostsUsed: (name: string) => `Asking ${name} from now on`,
  requests: "Requests this minute",
  requestsOf: (used: string, limit: string) => `${used} of ${limit}`,
  streams: "Streams",
  streamsOn: (streams: number, connections: number) =>
    `${n(streams, "stream", "streams")} on ${n(connections, "connection", "connections")}`,
  lastFrame: "Last message",
  secondsAgo: (seconds: string) => `${seconds} s ago`,
  malformed: "Unreadable messages",
  settings: "Addresses in Settings",
  unknown: "The program does not say how its connections stand.",
};
