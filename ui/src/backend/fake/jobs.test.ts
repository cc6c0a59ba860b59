import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { newsCommands } from "./newsCommands";
import { createWorld } from "./world";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("counts a job in its own unit, to what there is to do and no further", async () => {
  const world = createWorld(new URLSearchParams());
  const total = world.sources.filter(({ enabled }) => enabled).length;
  await newsCommands(world).crawl();
  const counts: number[] = [];
  for (let job = world.jobs[0]; job?.state === "running"; job = world.jobs[0]) {
    expect(job).toMatchObject({ kind: "crawl", counts: "sources", total });
    counts.push(job.done);
    vi.advanceTimersByTime(150);
  }
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  expect(world.jobs[0]).toMatchObject({ state: "succeeded", done: total });
  expect(world.jobs[0]?.log.at(-1)).toBe(`${total} of ${total} sources`);
});

it("stops a job half way for as long as it is told to", async () => {
  const world = createWorld(new URLSearchParams());
  localStorage.setItem("promptpal.fake.hold", "yes");
  await newsCommands(world).crawl();
  vi.advanceTimersByTime(10_000);
  const held = world.jobs[0];
  expect(held?.state).toBe("running");
  expect(held?.done).toBeLessThan(held?.total ?? 0);
  localStorage.removeItem("promptpal.fake.hold");
  vi.advanceTimersByTime(10_000);
  expect(world.jobs[0]?.state).toBe("succeeded");
});
