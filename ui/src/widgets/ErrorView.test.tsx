import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { ApiError, ErrorCode } from "../backend/bindings";
import { de } from "../i18n/de";
import { en } from "../i18n/en";
import { ErrorView, explain } from "./ErrorView";
import { TooltipProvider } from "./Tooltip";

/** One line for each code: a new code does not compile without one. */
const CODES: { [C in ErrorCode]: true } = {
  not_found: true,
  invalid: true,
  offline: true,
  rate_limited: true,
  remote: true,
  denied: true,
  busy: true,
  cancelled: true,
  disk_full: true,
  database_locked: true,
  database_newer: true,
  database: true,
  file: true,
  secret_store_missing: true,
  sign_in_expired: true,
  model_missing: true,
  out_of_memory: true,
  internal: true,
};

function problem(code: ErrorCode, hint: string | null = null): ApiError {
  return { code, message: "reading page 3: the server failed", hint, retryable: true, id: "e-1" };
}

function show(shown: ApiError, onRetry?: () => void) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <TooltipProvider>
        <ErrorView problem={shown} {...(onRetry ? { onRetry } : {})} />
      </TooltipProvider>
    </QueryClientProvider>,
  );
}

describe("explain", () => {
  const codes = Object.keys(CODES).filter((code): code is ErrorCode => code in CODES);

  it.each(codes)("%s has a meaning and a next step in both languages", (code) => {
    for (const text of [en, de]) {
      const { title, advice } = explain(problem(code), text);
      expect(title).not.toBe("");
      expect(advice).not.toBe("");
    }
  });

  it("prefers the program's own hint", () => {
    expect(explain(problem("offline", "Plug it in."), en).advice).toBe("Plug it in.");
  });
});

describe("ErrorView", () => {
  it("shows cause, advice and id, and tries again", async () => {
    const retry = vi.fn();
    show(problem("remote"), retry);
    expect(screen.getByRole("alert").textContent).toContain("reading page 3: the server failed");
    expect(screen.getByRole("alert").textContent).toContain("e-1");
    await userEvent.click(screen.getByRole("button", { name: en.shell.states.retry }));
    expect(retry).toHaveBeenCalledOnce();
  });

  it("offers no retry where there is none", () => {
    show(problem("invalid"));
    expect(screen.queryByRole("button", { name: en.shell.states.retry })).toBeNull();
  });
});
