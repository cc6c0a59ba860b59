import { useQueryClient } from "@tanstack/react-query";
import type { RunDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { keys } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { ConfirmDialog } from "../../widgets/Dialog";
import { showDone } from "../../widgets/toast";
import { setCompared, useForm } from "./formStore";

interface RunDialogProps {
  run: RunDto;
  name: string;
  onClose: () => void;
}

/** Asks before a run is deleted. */
export function DeleteRunDialog({ run, name, onClose, onDeleted }: RunDialogProps & { onDeleted: () => void }) {
  const text = useText().backtest.runs;
  const client = useQueryClient();
  const remove = useCommand((id: number) => answer(commands.deleteRun(id)));
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={text.removeTitle(name)}
      about={text.removeBody}
      confirm={text.remove}
      onConfirm={() =>
        remove.mutate(run.id, {
          onSuccess: () => {
            showDone(text.removed);
            setCompared(useForm.getState().compared.filter((id) => id !== run.id));
            void client.invalidateQueries({ queryKey: keys.runs });
            onDeleted();
          },
        })
      }
    />
  );
}
