import type { GapDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { type Column, DataTable } from "../../widgets/DataTable";

/** Holes between the candles, and why they are there. */
export function GapList({ gaps }: { gaps: readonly GapDto[] }) {
  const text = useText().data;
  const format = useFormat();
  const columns: readonly Column<GapDto>[] = [
    {
      id: "from",
      header: text.columns.first,
      width: "116px",
      sortBy: (gap) => gap.from,
      cell: (gap) => format.dateTime(gap.from),
    },
    {
      id: "missing",
      header: text.detail.missing,
      width: "48px",
      align: "right",
      sortBy: (gap) => gap.missing,
      cell: (gap) => format.count(gap.missing),
    },
    {
      id: "reason",
      header: "",
      width: "minmax(0,1fr)",
      cell: (gap) => (
        <span className={gap.reason === "pending" ? "text-warn" : "text-faint"}>{text.reasons[gap.reason]}</span>
      ),
    },
  ];
  return (
    <DataTable
      label={text.detail.gapsTitle}
      columns={columns}
      rows={gaps}
      rowKey={(gap) => gap.from}
      testId="gap-table"
    />
  );
}
