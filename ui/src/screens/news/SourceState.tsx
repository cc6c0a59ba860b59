import { clsx } from "clsx";
import type { ReactNode } from "react";
import type { SourceDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { useNow } from "../../useNow";
import { Ago } from "../../widgets/Ago";
import { healthOf, reasonOf } from "./sourceHealth";

const MINUTE = 60_000;

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex h-6 items-center gap-4">
      <dt className="text-muted">{label}</dt>
      <dd className="ml-auto tabular-nums">{children}</dd>
    </div>
  );
}

/** How a source does, in words and in figures. */
export function SourceState({ source }: { source: SourceDto }) {
  const text = useText().news.sources;
  const format = useFormat();
  const now = useNow(MINUTE / 2);
  const health = healthOf(source);
  const reason = reasonOf(source);
  const held = source.heldUntil !== null && source.heldUntil > now ? source.heldUntil : null;
  const every = source.intervalMs === null ? null : Math.max(1, Math.round(source.intervalMs / MINUTE));
  return (
    <>
      <p
        data-testid="source-health"
        className={clsx("mb-1 text-12 leading-[18px]", health === "failing" ? "text-warn" : "text-fg")}
      >
        {text.states[health]}
        {reason !== null && `: ${text.reasons[reason]}`}
        {held !== null && ` ${text.held(format.dateTime(held))}`}
      </p>
      {source.lastError !== null && (
        <p className="mb-1 select-text rounded-sm bg-raised p-2 text-11 text-muted">{source.lastError}</p>
      )}
      <dl className="text-12">
        {source.failures > 0 && <Line label={text.failed}>{text.failures(source.failures)}</Line>}
        <Line label={text.lastFetch}>{source.lastFetch === null ? text.never : <Ago at={source.lastFetch} />}</Line>
        <Line label={text.nextFetch}>
          {!source.enabled ? text.paused : source.nextFetch === null ? text.soon : format.dateTime(source.nextFetch)}
        </Line>
        {every !== null && <Line label={text.every}>{text.minutes(every)}</Line>}
        <Line label={text.articles}>
          {text.stored(format.count(source.articles), format.number(source.articlesADay, 1))}
        </Line>
      </dl>
    </>
  );
}
