import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { FileUp } from "lucide-react";
import { useState } from "react";
import type { ColumnChoiceDto, ImportPreviewDto, ImportRequest } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { Button } from "../../widgets/Button";
import { Dialog } from "../../widgets/Dialog";
import { EmptyState } from "../../widgets/EmptyState";
import { QueryView } from "../../widgets/QueryView";
import { closeDialog } from "../windowState";
import { ImportPreview } from "./ImportPreview";
import { ImportResult } from "./ImportResult";

/** A running or finished import, and what its file was seen to hold. */
interface Run {
  job: string;
  request: ImportRequest;
  preview: ImportPreviewDto;
}

const STEPS = ["file", "columns", "run", "result"] as const;
type Step = (typeof STEPS)[number];

/** Import in four steps: choose a file, say what its columns mean, let it run, see what came of it. */
export function ImportDialog() {
  const text = useText().data.importDialog;
  const [path, setPath] = useState<string | null>(null);
  const [map, setMap] = useState<ColumnChoiceDto[]>([]);
  const [run, setRun] = useState<Run | null>(null);
  const [ended, setEnded] = useState(false);
  const pick = useCommand(() => answer(commands.pickImportFile(text.title)));
  const preview = useQuery({
    queryKey: ["importPreview", path, map],
    queryFn: () => answer(commands.previewImport(path ?? "", null, map)),
    enabled: path !== null && run === null,
    placeholderData: (previous) => (previous?.path === path ? previous : undefined),
    gcTime: 0,
  });
  const start = useCommand((request: ImportRequest) => answer(commands.importFile(request)));
  const choose = () =>
    pick.mutate(undefined, {
      onSuccess: (chosen) => {
        if (chosen === null) return;
        setPath(chosen);
        setMap([]);
        setRun(null);
        setEnded(false);
      },
    });
  const step: Step = run ? (ended ? "result" : "run") : path === null ? "file" : "columns";
  return (
    <Dialog open onClose={closeDialog} title={text.title} width="widest" testId="import-dialog">
      <Steps current={step} />
      {run ? (
        <ImportResult {...run} onEnded={setEnded} onAnother={choose} />
      ) : path === null ? (
        <EmptyState
          icon={<FileUp />}
          title={text.pick}
          body={text.pickAbout}
          actions={
            <Button kind="primary" onClick={choose} disabled={pick.isPending} data-testid="import-pick">
              {text.pick}
            </Button>
          }
        />
      ) : (
        <QueryView query={preview} loading={<p className="p-6 text-center text-12 text-muted">{text.reading}</p>}>
          {(found) => (
            <ImportPreview
              key={found.path}
              preview={found}
              map={map}
              onMap={setMap}
              busy={start.isPending || preview.isFetching}
              onOther={choose}
              onStart={(request) =>
                start.mutate(request, { onSuccess: (job) => setRun({ job, request, preview: found }) })
              }
            />
          )}
        </QueryView>
      )}
    </Dialog>
  );
}

function Steps({ current }: { current: Step }) {
  const text = useText().data.importDialog.steps;
  const at = STEPS.indexOf(current);
  return (
    <ol className="mb-3 flex gap-4 text-12">
      {STEPS.map((step, index) => (
        <li
          key={step}
          aria-current={index === at ? "step" : undefined}
          data-testid={`import-step-${step}`}
          className={clsx("flex items-center gap-1.5", index === at ? "font-medium text-fg" : "text-faint")}
        >
          <span
            className={clsx(
              "grid size-4 place-items-center rounded-full border text-11 leading-none",
              index === at ? "border-accent text-accent" : "border-edge",
            )}
          >
            {index + 1}
          </span>
          {text[step]}
        </li>
      ))}
    </ol>
  );
}
