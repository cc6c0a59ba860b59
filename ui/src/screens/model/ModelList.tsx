import { FolderInput } from "lucide-react";
import type { ModelLineDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { IconButton } from "../../widgets/Button";
import { List, ListRow } from "../../widgets/List";
import { PanelHead } from "../../widgets/PanelHead";

interface ModelListProps {
  models: readonly ModelLineDto[];
  selected: string | null;
  onSelect: (id: string) => void;
}

/** The models that are here, and those that can be downloaded. */
export function ModelList({ models, selected, onSelect }: ModelListProps) {
  const text = useText().model.list;
  const take = useCommand(async () => {
    const folder = await answer(commands.pickModelFolder(text.import));
    return folder === null ? null : answer(commands.importModel(folder));
  });
  return (
    <>
      <PanelHead title={text.title}>
        <IconButton
          label={text.import}
          onClick={() => take.mutate(undefined)}
          disabled={take.isPending}
          data-testid="model-import"
        >
          <FolderInput />
        </IconButton>
      </PanelHead>
      <List label={text.title} className="py-1" testId="model-list">
        {models.map((model) => (
          <ListRow
            key={model.id}
            current={model.id === selected}
            className="!h-11 gap-2"
            data-testid="model-row"
            onClick={() => onSelect(model.id)}
          >
            <Words model={model} />
          </ListRow>
        ))}
      </List>
    </>
  );
}

function Words({ model }: { model: ModelLineDto }) {
  const text = useText().model.list;
  const format = useFormat();
  const { status } = model;
  const state = {
    available: () => text.available(format.bytes(model.bytes)),
    partly: () => text.partly,
    installed: () => (model.current ? text.current : text.installed),
    refused: () => text.refused,
  }[status.state]();
  return (
    <span className="grid min-w-0">
      <span className="truncate font-medium">{model.title}</span>
      <span
        className={`truncate text-11 ${model.current ? "font-medium text-fg" : status.state === "refused" ? "text-warn" : "text-faint"}`}
      >
        {state}
      </span>
    </span>
  );
}
