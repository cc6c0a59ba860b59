import { Ellipsis, Pause, Play, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { SourceDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { Ago } from "../../widgets/Ago";
import { Button } from "../../widgets/Button";
import { ConfirmDialog } from "../../widgets/Dialog";
import { SampleBadge } from "../../widgets/Pill";
import { Popover } from "../../widgets/Popover";
import { showDone } from "../../widgets/toast";
import { healthOf } from "./sourceHealth";

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex h-6 items-center gap-4">
      <dt className="text-muted">{label}</dt>
      <dd className="ml-auto tabular-nums">{children}</dd>
    </div>
  );
}

/** A source's health, and what can be done with it. */
export function SourceMenu({ source }: { source: SourceDto }) {
  const text = useText().news.sources;
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const [asking, setAsking] = useState(false);
  const enable = useCommand((enabled: boolean) => answer(commands.setSourceEnabled(source.id, enabled)));
  const remove = useCommand((id: number) => answer(commands.removeSource(id)));
  const health = healthOf(source);
  return (
    <>
      <Popover
        label={text.options(source.title)}
        align="start"
        className="w-72 p-3"
        testId="source-menu"
        open={open}
        onOpenChange={setOpen}
        trigger={
          <button
            type="button"
            aria-label={text.options(source.title)}
            data-testid="source-options"
            className="absolute top-1 right-2 grid size-5 place-items-center rounded-sm text-faint hover:bg-hover hover:text-fg aria-expanded:text-fg"
          >
            <Ellipsis className="size-3.5" aria-hidden />
          </button>
        }
      >
        <h3 className="flex items-center gap-2 text-13 font-semibold">
          <span className="min-w-0 flex-1 truncate">{source.title}</span>
          {source.simulated && <SampleBadge />}
        </h3>
        <p className="mb-2 select-text break-all text-11 text-faint">{source.url}</p>
        <dl className="text-12">
          <Line label={text.states[health]}>{source.failures > 0 && text.failures(source.failures)}</Line>
          <Line label={text.lastFetch}>{source.lastFetch === null ? text.never : <Ago at={source.lastFetch} />}</Line>
          <Line label={text.nextFetch}>{source.enabled ? format.dateTime(source.nextFetch) : text.paused}</Line>
          <Line label={text.articles}>{format.count(source.articles)}</Line>
          <Line label={text.fullText}>{source.fullText ? text.fullTextOn : text.fullTextOff}</Line>
        </dl>
        {source.lastError !== null && (
          <p className="mt-1 select-text rounded-sm bg-raised p-2 text-11 text-warn">{source.lastError}</p>
        )}
        <div className="mt-3 grid grid-cols-2 gap-2">
          <Button
            icon={source.enabled ? <Pause /> : <Play />}
            disabled={enable.isPending}
            onClick={() => enable.mutate(!source.enabled)}
            data-testid="source-toggle"
          >
            {source.enabled ? text.pause : text.resume}
          </Button>
          <Button
            icon={<Trash2 />}
            data-testid="source-remove"
            onClick={() => {
              setOpen(false);
              setAsking(true);
            }}
          >
            {text.remove}
          </Button>
        </div>
      </Popover>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={text.removeTitle(source.title)}
        about={text.removeBody}
        confirm={text.remove}
        onConfirm={() => remove.mutate(source.id, { onSuccess: () => showDone(text.removed(source.title)) })}
      />
    </>
  );
}
