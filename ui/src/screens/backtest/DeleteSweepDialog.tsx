import { useQueryClient } from "@tanstack/react-query";
import type { SweepDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { keys } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { ConfirmDialog } from "../../widgets/Dialog";
import { showDone } from "../../widgets/toast";
import { showSweep } from "./sweepStore";

interface DeleteSweepDialogProps {
  sweep: SweepDto;
  name: string;
  onClose: () => void;
}

/** Asks before a sweep is deleted. */
export function DeleteSweepDialog({ sweep, name, onClose }: DeleteSweepDialogProps) {
  const text = useText().sweep;
  const client = useQueryClient();
  const remove = useCommand((id: number) => answer(commands.deleteSweep(id)));
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={text.removeTitle}
      about={text.removeBody(name)}
      confirm={text.remove}
      onConfirm={() =>
        remove.mutate(sweep.id, {
          onSuccess: () => {
            showDone(text.removed);
            showSweep(null);
            void client.invalidateQueries({ queryKey: keys.sweeps });
            onClose();
          },
        })
      }
    />
  );
}
