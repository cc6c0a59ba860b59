import { Plus } from "lucide-react";
import { useState } from "react";
import { useText } from "../../i18n/text";
import type { SymbolGroup } from "../../shell/paletteItems";
import { openFetch } from "../../shell/windowState";
import { Button, IconButton } from "../../widgets/Button";
import { PanelHead } from "../../widgets/PanelHead";
import { Popover } from "../../widgets/Popover";

/** Stored symbols that are not watched yet. */
export function WatchlistAdd({
  groups,
  onAdd,
}: {
  groups: readonly SymbolGroup[];
  onAdd: (group: SymbolGroup) => void;
}) {
  const text = useText().chart.watchlist;
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label={text.addTitle}
      open={open}
      onOpenChange={setOpen}
      className="w-64"
      trigger={
        <IconButton label={text.add} data-testid="watchlist-add">
          <Plus />
        </IconButton>
      }
    >
      <PanelHead title={text.addTitle} />
      <div className="max-h-72 overflow-y-auto py-1">
        {groups.length === 0 && <p className="px-3 py-2 text-12 text-muted">{text.nothingToAdd}</p>}
        {groups.map((group) => (
          <button
            key={group.key}
            type="button"
            className="flex h-7 w-full items-center gap-2 px-3 text-12 hover:bg-hover"
            onClick={() => {
              onAdd(group);
              setOpen(false);
            }}
          >
            <span className="font-medium">{group.symbol}</span>
            <span className="ml-auto text-faint">{group.venue}</span>
          </button>
        ))}
      </div>
      <div className="border-line border-t p-2">
        <Button
          className="w-full"
          onClick={() => {
            setOpen(false);
            openFetch();
          }}
        >
          {text.fetchMore}
        </Button>
      </div>
    </Popover>
  );
}
