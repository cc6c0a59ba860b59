import type { GapDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { type Column, DataTable } from "../../widgets/DataTable";

/** Holes between the candles, why they are there, and who said so. */
export function GapList({ gaps }: { gaps: readonly GapDto[] }) {
  const text = useText().data;
  const format = useFormat();
  const columns: readonly Column<GapDto>[] = [
    {
      id: "from",
      header: text.gapFrom,
      width: "minmax(0,1fr)",
      sortBy: (gap) => gap.from,
      cell: (gap) => <Gap gap={gap} />,
    },
    {
      id: "missing",
      header: text.columns.rows,
      width: "44px",
      align: "right",
      sortBy: (gap) => gap.missing,
      cell: (gap) => format.count(gap.missing),
    },
  ];
  return (
    <DataTable
      label={text.detail.gapsTitle}
      columns={columns}
      rows={gaps}
      rowKey={(gap) => gap.from}
      rowHeight={40}
      testId="gap-table"
      rowTestId="gap-row"
    />
  );
}

/** Where the hole begins and why it is there, over who said so. */
function Gap({ gap }: { gap: GapDto }) {
  const text = useText().data;
  const format = useFormat();
  const { evidence } = gap;
  // Nobody can be asked about an imported series: the file is all that there is.
  const fromFile = evidence?.source === "import";
  return (
    <span
      className="block leading-[16px]"
      title={evidence ? `${text.evidenceFrom(evidence.name)} (${text.sources[evidence.source]})` : undefined}
    >
      <span className="flex gap-1.5">
        <span className="shrink-0 tabular-nums">{format.dateTime(gap.from)}</span>
        <span className={gap.reason === "pending" ? "truncate text-warn" : "truncate text-muted"}>
          {fromFile ? text.fileAbsent : text.reasons[gap.reason]}
        </span>
      </span>
      <span className="block truncate text-11 text-faint">
        {evidence === null
          ? text.notAsked
          : fromFile
            ? text.fileRead(format.date(evidence.lastAsked))
            : text.evidence(evidence.times, format.date(evidence.lastAsked))}
      </span>
    </span>
  );
}
