import { clsx } from "clsx";
import type { ColumnChoiceDto, ImportColumnDto, ImportPreviewDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { Select } from "../../widgets/Select";
import { choose, FIELDS } from "./columns";

const ROWS = 6;
const NOT_READ = "none";

interface ImportColumnsProps {
  preview: ImportPreviewDto;
  map: readonly ColumnChoiceDto[];
  onMap: (map: ColumnChoiceDto[]) => void;
}

/** The first rows as the file has them, under the meaning of each column. */
export function ImportColumns({ preview, map, onMap }: ImportColumnsProps) {
  const text = useText().data.importDialog;
  return (
    <section>
      <h3 className="mb-1 text-11 text-faint">{text.firstRows}</h3>
      <div
        className="overflow-x-auto rounded-md border border-line"
        role="region"
        aria-label={text.firstRows}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the dialog must scroll by keys too
        tabIndex={0}
      >
        <table className="w-full text-11 tabular-nums" data-testid="import-columns">
          <thead>
            <tr>
              {preview.columns.map((column) => (
                <th key={column.name} scope="col" className="px-1.5 pt-1.5 pb-1 text-left font-normal">
                  <span className="block truncate px-0.5 pb-1 font-mono text-faint">{column.name}</span>
                  {preview.hasHeader && <Meaning column={column} map={map} onMap={onMap} />}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.rows.slice(0, ROWS).map((row) => (
              <tr key={row.join()} className="border-line border-t">
                {preview.columns.map((column, index) => (
                  <td
                    key={column.name}
                    className={clsx(
                      "h-6 select-text whitespace-nowrap px-2",
                      column.field === null ? "text-faint" : "text-muted",
                    )}
                  >
                    {row[index]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {!preview.hasHeader && <p className="mt-1 text-11 text-faint">{text.noHeader}</p>}
    </section>
  );
}

function Meaning({
  column,
  map,
  onMap,
}: {
  column: ImportColumnDto;
  map: readonly ColumnChoiceDto[];
  onMap: (map: ColumnChoiceDto[]) => void;
}) {
  const text = useText().data.importDialog;
  return (
    <div className="min-w-28">
      <Select
        label={text.column(column.name)}
        value={column.field ?? NOT_READ}
        onChange={(next) => onMap(choose(map, column.name, next === NOT_READ ? null : next))}
        options={[
          { value: NOT_READ, label: text.notRead },
          ...FIELDS.map((field) => ({ value: field, label: text.fields[field] })),
        ]}
        testId={`column-${column.name}`}
      />
    </div>
  );
}
