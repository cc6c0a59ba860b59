import type { ErrorComponentProps } from "@tanstack/react-router";
import { RotateCw } from "lucide-react";
import { problemOf } from "../backend/client";
import { useText } from "../i18n/text";
import { Button } from "../widgets/Button";
import { EmptyState } from "../widgets/EmptyState";

/** Shown in place of a screen that threw. */
export function Crashed({ error, reset }: ErrorComponentProps) {
  const text = useText().shell.states;
  return (
    <div role="alert" className="flex bg-panel [grid-column:2/-1] [grid-row:2]">
      <EmptyState
        title={text.crashed}
        body={
          <>
            {text.crashedAdvice} <span className="block select-text text-faint">{problemOf(error).message}</span>
          </>
        }
        actions={
          <Button icon={<RotateCw />} onClick={reset}>
            {text.reopen}
          </Button>
        }
      />
    </div>
  );
}
