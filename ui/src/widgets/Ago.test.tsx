import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { StatusDto } from "../backend/bindings";
import { keys } from "../backend/queries";
import { Ago } from "./Ago";

const NOW = Date.UTC(2024, 5, 1, 12);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const STATUS: StatusDto = {
  storeBytes: 0,
  live: { state: "off" },
  sentiment: { state: "idle" },
  engine: { wanted: "exact", running: "exact", reason: null, forced: false, agreement: null },
  model: null,
  unscored: 0,
  now: NOW,
};

describe("Ago", () => {
  it.each([
    [NOW, "just now"],
    [NOW - 12 * MINUTE, "12 m ago"],
    [NOW - 5 * 60 * MINUTE, "5 h ago"],
    [NOW - 29 * DAY, "29 d ago"],
    [NOW - 31 * DAY, "2024-05-01"],
    [NOW - 517 * DAY, "2023-01-01"],
  ])("%i is shown as %s", (at, expected) => {
    const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
    client.setQueryData(keys.status, STATUS);
    render(
      <QueryClientProvider client={client}>
        <Ago at={at} />
      </QueryClientProvider>,
    );
    expect(screen.getByText(expected).tagName).toBe("TIME");
  });
});
