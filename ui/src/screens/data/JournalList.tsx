import type { JournalRowDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { type Column, DataTable } from "../../widgets/DataTable";

/** The pages that made a series, the newest first. */
export function JournalList({ rows }: { rows: readonly JournalRowDto[] }) {
  const text = useText().data;
  const format = useFormat();
  const columns: readonly Column<JournalRowDto>[] = [
    {
      id: "source",
      header: text.journal.source,
      width: "minmax(0,1fr)",
      sortBy: (row) => row.name,
      cell: (row) => (
        <span className="block leading-[16px]" title={row.name}>
          <span className="block truncate">
            {text.sources[row.source]} <span className="text-faint">{row.name}</span>
          </span>
          <span className="block truncate text-11 text-faint tabular-nums">
            {format.date(row.from)} → {format.date(row.to)}
          </span>
        </span>
      ),
    },
    {
      id: "rows",
      header: text.journal.rows,
      width: "52px",
      align: "right",
      sortBy: (row) => row.rows,
      cell: (row) => (
        <span className="block leading-[16px]">
          <span className="block">{format.count(row.rows)}</span>
          {row.corrected > 0 && (
            <span className="block text-11 text-warn" title={text.journal.corrected}>
              {format.count(row.corrected)} Δ
            </span>
          )}
        </span>
      ),
    },
    {
      id: "at",
      header: text.journal.at,
      width: "78px",
      align: "right",
      sortBy: (row) => row.at,
      cell: (row) => (
        <span className="block text-muted leading-[16px]" title={format.dateTime(row.at)}>
          <span className="block">{format.date(row.at)}</span>
          <span className="block text-11 text-faint">{format.time(row.at)}</span>
        </span>
      ),
    },
  ];
  return (
    <DataTable
      label={text.detail.journal}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      rowHeight={40}
      testId="journal-table"
      rowTestId="journal-row"
    />
  );
}
