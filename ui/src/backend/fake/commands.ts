// A complete program in memory, behind the same commands as the real one. Used by tests and by `npm run dev:fake`.
import { mockIPC } from "@tauri-apps/api/mocks";
import type { Commands } from "../client";
import { marketCommands } from "./marketCommands";
import { modelCommands } from "./models";
import { newsCommands } from "./newsCommands";
import { sweepCommands } from "./sweeps";
import { systemCommands } from "./systemCommands";
import { createWorld } from "./world";

export function createFakeCommands(): Commands {
  // Channels are the real class: it needs the host's callback table, which this provides. No message leaves it.
  mockIPC(() => null);
  const world = createWorld(new URLSearchParams(localStorage.getItem("promptpal.fake") ?? ""));
  return {
    ...systemCommands(world),
    ...marketCommands(world),
    ...newsCommands(world),
    ...sweepCommands(world),
    ...modelCommands(world),
  };
}
