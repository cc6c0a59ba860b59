import { useState } from "react";
import type { ExportFormat, SeriesDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { Button } from "../../widgets/Button";
import { Dialog } from "../../widgets/Dialog";
import { Segmented } from "../../widgets/Segmented";

/** The ending of a file; a folder has none. */
const ENDING: Record<ExportFormat, string> = { csv: ".csv", parquet: ".parquet", parquetPartitioned: "" };

/** In which form, and where to. */
export function ExportDialog({ series, name, onClose }: { series: SeriesDto; name: string; onClose: () => void }) {
  const text = useText().data.exportDialog;
  const [format, setFormat] = useState<ExportFormat>("csv");
  const save = useCommand(async () => {
    const suggested = `${series.symbol}_${series.interval}${ENDING[format]}`;
    const path = await answer(commands.pickExportPath(suggested, format));
    return path === null ? null : answer(commands.exportSeries({ seriesId: series.id, format, path }));
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={text.title(name)}
      testId="export-dialog"
      actions={
        <Button
          kind="primary"
          disabled={save.isPending}
          data-testid="export-start"
          onClick={() => save.mutate(undefined, { onSuccess: (job) => job !== null && onClose() })}
        >
          {text.start}
        </Button>
      }
    >
      <div className="grid gap-2">
        <Segmented
          wide
          label={text.format}
          value={format}
          onChange={setFormat}
          choices={(["csv", "parquet", "parquetPartitioned"] as const).map((value) => ({
            value,
            label: text.formats[value],
            testId: `export-${value}`,
          }))}
        />
        <p className="text-12 text-muted">{text.about[format]}</p>
      </div>
    </Dialog>
  );
}
