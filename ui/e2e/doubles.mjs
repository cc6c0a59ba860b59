// The loopback doubles of `promptpal-testkit`, as processes: each prints its addresses as one line of JSON.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * Starts one double and answers `{ ...addresses, say(line), stop() }`. `say` writes a line to its standard input and
 * answers the line that it prints.
 */
export async function startDouble(kind, ...args) {
  const program = process.env.PROMPTPAL_TESTKIT;
  if (!program) throw new Error("PROMPTPAL_TESTKIT must name the testkit: start this through `cargo xtask`");
  const child = spawn(program, [kind, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the double "${kind}" ended`);
    return value;
  };
  const addresses = JSON.parse(await next());
  return {
    ...addresses,
    async say(line) {
      child.stdin.write(`${line}\n`);
      return next();
    },
    async stop() {
      if (child.exitCode !== null) return;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
    },
  };
}

/** Publishes an article on the news double. */
export async function publish(site, article) {
  const response = await fetch(site.publish, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(article),
  });
  if (!response.ok) throw new Error(`publishing answered ${response.status}: ${await response.text()}`);
}
