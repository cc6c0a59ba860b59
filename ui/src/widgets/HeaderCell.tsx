import { clsx } from "clsx";
import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactElement } from "react";
import type { Column, Sort } from "./DataTable";
import { Tooltip } from "./Tooltip";

interface HeaderCellProps<Row> {
  column: Column<Row>;
  sort: Sort | null;
  onSort: (sort: Sort) => void;
}

/** A column's name; a button where the column can be sorted. */
export function HeaderCell<Row>({ column, sort, onSort }: HeaderCellProps<Row>) {
  const active = sort?.column === column.id ? sort : null;
  const right = column.align === "right";
  const order = active ? (active.descending ? "descending" : "ascending") : undefined;
  const explained = (header: ReactElement) =>
    column.about === undefined ? header : <Tooltip text={column.about}>{header}</Tooltip>;
  return (
    <div role="columnheader" tabIndex={-1} aria-sort={order} className={clsx("truncate", right && "text-right")}>
      {column.sortBy
        ? explained(
            <button
              type="button"
              className={clsx("inline-flex items-center gap-1 rounded-sm hover:text-fg", active && "text-muted")}
              onClick={() => onSort({ column: column.id, descending: active ? !active.descending : right })}
            >
              {active && right && <Arrow descending={active.descending} />}
              {column.header}
              {active && !right && <Arrow descending={active.descending} />}
            </button>,
          )
        : explained(<span>{column.header}</span>)}
    </div>
  );
}

function Arrow({ descending }: { descending: boolean }) {
  return descending ? <ArrowDown className="size-3" aria-hidden /> : <ArrowUp className="size-3" aria-hidden />;
}
