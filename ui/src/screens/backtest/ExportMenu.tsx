import { Download } from "lucide-react";
import { useState } from "react";
import type { RunDto, RunFormatDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { IconButton } from "../../widgets/Button";
import { Popover } from "../../widgets/Popover";
import { showDone } from "../../widgets/toast";

const FORMATS: readonly { format: RunFormatDto; ending: string }[] = [
  { format: "html", ending: ".html" },
  { format: "trades", ending: "_trades.csv" },
  { format: "equity", ending: "_equity.csv" },
  { format: "json", ending: ".json" },
];

/** What a run can be written as, and where to. */
export function ExportMenu({ run }: { run: RunDto }) {
  const text = useText().backtest.exports;
  const [open, setOpen] = useState(false);
  const save = useCommand(async ({ format, ending }: (typeof FORMATS)[number]) => {
    const suggested = `${run.strategy}_${run.symbol}_${run.interval}${ending}`;
    const path = await answer(commands.pickReportPath(suggested, format));
    if (path === null) return null;
    await answer(commands.exportRun(run.id, format, path));
    return path;
  });
  return (
    <Popover
      label={text.title}
      align="end"
      className="w-64 p-1"
      testId="run-export-menu"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <IconButton label={text.title} data-testid="run-export">
          <Download />
        </IconButton>
      }
    >
      {FORMATS.map((one) => (
        <button
          key={one.format}
          type="button"
          data-testid={`run-export-${one.format}`}
          className="flex w-full flex-col rounded-sm px-2 py-1.5 text-left hover:bg-hover focus-visible:bg-hover"
          onClick={() => {
            setOpen(false);
            save.mutate(one, { onSuccess: (path) => path !== null && showDone(text.written(path)) });
          }}
        >
          <span className="text-12">{text.formats[one.format].name}</span>
          <span className="text-11 text-faint">{text.formats[one.format].about}</span>
        </button>
      ))}
    </Popover>
  );
}
