import { Download, FileInput } from "lucide-react";
import { answer, commands } from "../../backend/client";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { IconButton } from "../../widgets/Button";
import { showDone, showNote } from "../../widgets/toast";

/** Reads sources from a list that another reader wrote, and writes all of them as one. */
export function SourceLists() {
  const text = useText().news.sources.lists;
  const load = useCommand(async () => {
    const path = await answer(commands.pickSourceList(text.read));
    return path === null ? null : answer(commands.importSources(path));
  });
  const save = useCommand(async () => {
    const path = await answer(commands.pickSourceListPath());
    return path === null ? null : { path, count: await answer(commands.exportSources(path)) };
  });
  return (
    <>
      <IconButton
        label={text.read}
        className="size-6"
        disabled={load.isPending}
        data-testid="sources-import"
        onClick={() =>
          load.mutate(undefined, {
            onSuccess: (came) => {
              if (came === null) return;
              const { added, known, refused } = came;
              const message = text.added(added.length);
              const detail = text.others(known, refused);
              if (added.length > 0) showDone(message, detail);
              else showNote(`${message} ${detail}`);
            },
          })
        }
      >
        <FileInput />
      </IconButton>
      <IconButton
        label={text.write}
        className="size-6"
        disabled={save.isPending}
        data-testid="sources-export"
        onClick={() =>
          save.mutate(undefined, {
            onSuccess: (written) => {
              if (written !== null) showDone(text.written(written.count), written.path);
            },
          })
        }
      >
        <Download />
      </IconButton>
    </>
  );
}
