// The one door to the program: typed results become values or thrown `BackendError`s.
import { Channel } from "@tauri-apps/api/core";
import { type ApiError, commands as hostCommands } from "./bindings";
import { createFakeCommands } from "./fake/commands";

export type Commands = typeof hostCommands;

/** The program's commands, or those of the in-memory program in test builds. */
export const commands: Commands = import.meta.env.VITE_FAKE === "1" ? createFakeCommands() : hostCommands;

/** What a command fails with: carries the coded problem for the screens. */
export class BackendError extends Error {
  readonly problem: ApiError;

  constructor(problem: ApiError) {
    super(problem.message);
    this.name = "BackendError";
    this.problem = problem;
  }
}

type Answer<T> = { status: "ok"; data: T } | { status: "error"; error: ApiError };

/** Waits for a command; throws a `BackendError` where it failed. */
export async function answer<T>(pending: Promise<Answer<T>>): Promise<T> {
  const result = await pending;
  if (result.status === "error") throw new BackendError(result.error);
  return result.data;
}

/** Any thrown thing as a problem that can be shown; what is no `BackendError` is a mistake of ours. */
export function problemOf(error: unknown): ApiError {
  if (error instanceof BackendError) return error.problem;
  const message = error instanceof Error ? error.message : String(error);
  return { code: "internal", message, hint: null, retryable: false, id: "window" };
}

/** Opens a channel over which the program sends batches. */
export function openChannel<T>(onMessage: (message: T) => void): Channel<T> {
  const channel = new Channel<T>();
  channel.onmessage = onMessage;
  return channel;
}
