// What the chip in the top bar says of all connections together. Pure.
import type { ConnectionDto, ConnectionStateDto, LiveStateDto } from "../backend/bindings";

/** The one that a person should know of first stands first. */
const ORDER: readonly ConnectionStateDto[] = [
  "banned",
  "restricted",
  "blocked",
  "failed",
  "unreachable",
  "paused",
  "reconnecting",
  "connecting",
  "live",
  "off",
];

/** The state of the connection that matters most; that of the stream where the connections are not known. */
export function overallState(connections: readonly ConnectionDto[], live: LiveStateDto): ConnectionStateDto {
  const states = new Set<ConnectionStateDto>([...connections.map((one) => one.state), live.state]);
  // A stream that is live is one of the connections; what it says only counts where they say nothing.
  return ORDER.find((state) => states.has(state)) ?? "off";
}

/** Those worth a paragraph first; the ones that are off come last. */
export function byUrgency(connections: readonly ConnectionDto[]): ConnectionDto[] {
  return connections.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
}

/** Milliseconds until the next try; null where none is due, zero where it is under way. */
export function untilRetry(connection: ConnectionDto, now: number): number | null {
  return connection.retryAt === null ? null : Math.max(0, connection.retryAt - now);
}

/** How much of the minute's weight is used, in [0, 1]; null where the venue names none. */
export function usedShare(connection: ConnectionDto): number | null {
  const { weightUsed, weightLimit } = connection;
  return weightUsed === null || weightLimit === null || weightLimit <= 0 ? null : Math.min(1, weightUsed / weightLimit);
}
