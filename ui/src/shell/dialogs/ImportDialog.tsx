import { useQuery } from "@tanstack/react-query";
import { FileUp } from "lucide-react";
import { useState } from "react";
import type { ImportRequest } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { Button } from "../../widgets/Button";
import { Dialog } from "../../widgets/Dialog";
import { EmptyState } from "../../widgets/EmptyState";
import { QueryView } from "../../widgets/QueryView";
import { showNote } from "../../widgets/toast";
import { closeDialog } from "../windowState";
import { ImportPreview } from "./ImportPreview";

/** Import in three steps: choose a file, look at what it holds, import it. */
export function ImportDialog() {
  const text = useText().data.importDialog;
  const [path, setPath] = useState<string | null>(null);
  const pick = useCommand(() => answer(commands.pickImportFile()));
  const preview = useQuery({
    queryKey: ["importPreview", path],
    queryFn: () => answer(commands.previewImport(path ?? "")),
    enabled: path !== null,
    gcTime: 0,
  });
  const run = useCommand((request: ImportRequest) => answer(commands.importFile(request)));
  const choose = () => pick.mutate(undefined, { onSuccess: (chosen) => chosen !== null && setPath(chosen) });
  const start = (request: ImportRequest) =>
    run.mutate(request, {
      onSuccess: () => {
        showNote(text.started(request.symbol));
        closeDialog();
      },
    });
  return (
    <Dialog open onClose={closeDialog} title={text.title} width="wide" testId="import-dialog">
      {path === null ? (
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
            <ImportPreview key={found.path} preview={found} busy={run.isPending} onOther={choose} onStart={start} />
          )}
        </QueryView>
      )}
    </Dialog>
  );
}
