import {
  CloudOff,
  Copy,
  Database,
  FileX,
  KeyRound,
  type LucideIcon,
  MemoryStick,
  OctagonAlert,
  RotateCw,
  ServerCrash,
} from "lucide-react";
import type { ApiError, ErrorCode } from "../backend/bindings";
import { type Catalogue, useText } from "../i18n/text";
import { Button } from "./Button";
import { showDone } from "./toast";

const ICON: Record<ErrorCode, LucideIcon> = {
  not_found: FileX,
  invalid: OctagonAlert,
  offline: CloudOff,
  rate_limited: ServerCrash,
  remote: ServerCrash,
  denied: OctagonAlert,
  busy: OctagonAlert,
  cancelled: OctagonAlert,
  disk_full: Database,
  database_locked: Database,
  database_newer: Database,
  database: Database,
  file: FileX,
  secret_store_missing: KeyRound,
  sign_in_expired: KeyRound,
  model_missing: OctagonAlert,
  out_of_memory: MemoryStick,
  internal: OctagonAlert,
};

/** A problem in a person's words: what it is, why, and what to do next. */
export function explain(problem: ApiError, text: Catalogue): { title: string; cause: string; advice: string } {
  const { title, advice } = text.errors[problem.code];
  return { title, cause: problem.message, advice: problem.hint ?? advice };
}

function details(problem: ApiError): string {
  return `${problem.code} (${problem.id}): ${problem.message}`;
}

/** Cause, next step, and the details to pass on. */
export function ErrorView({ problem, onRetry }: { problem: ApiError; onRetry?: () => void }) {
  const text = useText();
  const { title, cause, advice } = explain(problem, text);
  const Icon = ICON[problem.code];
  const copy = () => {
    void navigator.clipboard.writeText(details(problem)).then(() => showDone(text.shell.states.copied));
  };
  return (
    <div
      role="alert"
      data-testid="error-view"
      className="flex min-h-40 flex-1 flex-col items-center justify-center gap-2 p-6 text-center"
    >
      <Icon className="size-6 stroke-[1.5] text-faint" aria-hidden />
      <h2 className="text-15 font-semibold">{title}</h2>
      <p className="max-w-[52ch] select-text text-12 leading-[18px] text-muted">{cause}</p>
      <p className="max-w-[52ch] text-12 leading-[18px] text-fg">{advice}</p>
      <div className="mt-2 flex gap-2">
        {onRetry && (
          <Button icon={<RotateCw />} onClick={onRetry}>
            {text.shell.states.retry}
          </Button>
        )}
        <Button kind="ghost" icon={<Copy />} onClick={copy}>
          {text.shell.states.copy}
        </Button>
      </div>
      <p className="select-text text-11 text-faint">
        {problem.code} · {problem.id}
      </p>
    </div>
  );
}
