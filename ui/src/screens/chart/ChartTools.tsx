import { Camera, ChevronsRight, Maximize2, Table2, Waves } from "lucide-react";
import { useText } from "../../i18n/text";
import { usePreferences } from "../../preferences";
import { IconButton } from "../../widgets/Button";

interface ChartToolsProps {
  table: boolean;
  /** Null while the newest bars are shown. */
  onNewest: (() => void) | null;
  onIndicators: () => void;
  onTable: (table: boolean) => void;
  onFit: () => void;
  onPicture: () => void;
}

/** What can be done with the drawing. */
export function ChartTools({ table, onNewest, onIndicators, onTable, onFit, onPicture }: ChartToolsProps) {
  const text = useText().chart;
  const logScale = usePreferences((state) => state.logScale);
  const set = usePreferences((state) => state.set);
  return (
    <div className="-mr-1 ml-auto flex shrink-0 items-center gap-0.5">
      {onNewest && (
        <IconButton label={text.newest} onClick={onNewest}>
          <ChevronsRight />
        </IconButton>
      )}
      <IconButton label={text.indicators.title} keys="/" onClick={onIndicators} data-testid="indicators">
        <Waves />
      </IconButton>
      <IconButton
        label={`${text.scale.title}: ${text.scale.log}`}
        active={logScale}
        onClick={() => set({ logScale: !logScale })}
        className="w-auto px-1.5 text-11 font-medium"
      >
        {text.scale.log}
      </IconButton>
      <IconButton label={text.fit} keys="Alt+R" onClick={onFit}>
        <Maximize2 />
      </IconButton>
      <IconButton
        label={table ? text.chartView : text.table}
        active={table}
        onClick={() => onTable(!table)}
        data-testid="chart-table-toggle"
      >
        <Table2 />
      </IconButton>
      <IconButton label={text.savePicture} onClick={onPicture}>
        <Camera />
      </IconButton>
    </div>
  );
}
