import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { EngineStateDto } from "../../backend/bindings";
import { EngineRow } from "./EngineRow";

const EXACT: EngineStateDto = { wanted: "exact", running: "exact", reason: null, forced: false, agreement: null };

function show(engine: Partial<EngineStateDto>) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <EngineRow engine={{ ...EXACT, ...engine }} />
    </QueryClientProvider>,
  );
}

describe("EngineRow", () => {
  it("says how near the fast engine comes with this model", () => {
    show({ agreement: { texts: 3333, sameLabel: 3315 } });
    expect(screen.getByTestId("engine-agreement").textContent).toContain("99.5% of 3,333 texts the same label");
    expect(screen.getByTestId("engine-exact").getAttribute("aria-checked")).toBe("true");
    expect(screen.queryByTestId("engine-reason")).toBeNull();
  });

  it("says when nobody has measured it", () => {
    show({});
    expect(screen.getByTestId("engine-agreement").textContent).toContain("was not measured");
  });

  it("says why the exact engine scores although the fast one was chosen", () => {
    show({ wanted: "fast", reason: { code: "noWeights", message: "in English" } });
    expect(screen.getByTestId("engine-fast").getAttribute("aria-checked")).toBe("true");
    expect(screen.getByRole("status").textContent).toBe("this model has no weights for the fast engine");
  });

  it("cannot be changed where the configuration file has chosen", () => {
    show({ wanted: "fast", running: "fast", forced: true });
    expect((screen.getByTestId("engine-exact") as HTMLButtonElement).disabled).toBe(true);
  });
});
