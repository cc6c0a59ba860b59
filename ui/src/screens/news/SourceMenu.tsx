import { Ellipsis, Pause, Play, Trash2 } from "lucide-react";
import { useState } from "react";
import type { SourceDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { Button } from "../../widgets/Button";
import { ConfirmDialog } from "../../widgets/Dialog";
import { SampleBadge } from "../../widgets/Pill";
import { Popover } from "../../widgets/Popover";
import { Segmented } from "../../widgets/Segmented";
import { showDone } from "../../widgets/toast";
import { SourceState } from "./SourceState";

/** A source's health, and what can be done with it. */
export function SourceMenu({ source }: { source: SourceDto }) {
  const all = useText().news;
  const text = all.sources;
  const [open, setOpen] = useState(false);
  const [asking, setAsking] = useState(false);
  const enable = useCommand((enabled: boolean) => answer(commands.setSourceEnabled(source.id, enabled)));
  const read = useCommand((fullText: boolean) => answer(commands.setSourceFullText(source.id, fullText)));
  const remove = useCommand((id: number) => answer(commands.removeSource(id)));
  return (
    <>
      <Popover
        label={text.options(source.title)}
        align="start"
        className="w-80 p-3"
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
        <SourceState source={source} />
        <div className="mt-3 grid gap-1">
          <Segmented
            wide
            label={all.addSource.what}
            value={source.fullText ? "full" : "headlines"}
            disabled={read.isPending}
            onChange={(what) => read.mutate(what === "full")}
            choices={[
              { value: "headlines", label: all.addSource.headlines, testId: "source-headlines" },
              { value: "full", label: all.addSource.full, testId: "source-full" },
            ]}
          />
          <p className="text-11 text-faint leading-4">
            {source.fullText ? all.addSource.fullAbout : all.addSource.headlinesAbout}
          </p>
        </div>
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
        about={text.removeBody(source.articles)}
        confirm={text.remove}
        onConfirm={() => remove.mutate(source.id, { onSuccess: () => showDone(text.removed(source.title)) })}
      />
    </>
  );
}
