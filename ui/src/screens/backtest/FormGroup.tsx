import { clsx } from "clsx";
import { ChevronRight } from "lucide-react";
import { type ReactNode, useEffect, useId } from "react";
import { useText } from "../../i18n/text";
import type { Faults } from "./faults";
import { openGroup, useForm } from "./formStore";
import { changedFields, GROUP_OF, type GroupId, type Terms } from "./terms";
import { useFieldText } from "./useFieldText";

interface FormGroupProps {
  group: GroupId;
  terms: Terms;
  faults: Faults | null;
  /** Facts that stand on the closed group beside what was changed. */
  facts?: readonly string[];
  children: ReactNode;
}

/** A part of the form that a beginner leaves closed. Closed it tells what in it is not as usual. */
export function FormGroup({ group, terms, faults, facts = [], children }: FormGroupProps) {
  const text = useText().backtest.form;
  const chipOf = useFieldText(terms);
  const id = useId();
  const opened = useForm((state) => state.open.includes(group));
  const wrong = Object.keys(faults ?? {}).some((field) => field in GROUP_OF && isIn(field, group));
  const open = opened || wrong;
  // What was opened by a fault stays open: it must not close while the fault is being mended.
  useEffect(() => {
    if (wrong) openGroup(group, true);
  }, [wrong, group]);
  const changed = changedFields(terms, group);
  return (
    <section className="-mx-3 border-line border-t" data-testid={`group-${group}`} data-open={open}>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={`${id}-content`}
        onClick={() => openGroup(group, wrong || !open)}
        className="flex min-h-8 w-full items-center gap-2 px-3 py-1 text-left text-12 hover:bg-hover focus-visible:-outline-offset-2"
      >
        <ChevronRight className={clsx("size-3.5 shrink-0 text-faint", open && "rotate-90")} aria-hidden />
        <span className="shrink-0 font-medium">{text.groups[group].title}</span>
        {!open && (
          <span className="ml-auto flex min-w-0 flex-wrap justify-end gap-1">
            {changed.map((field) => (
              <Chip key={field}>{chipOf(field)}</Chip>
            ))}
            {facts.map((fact) => (
              <Chip key={fact}>{fact}</Chip>
            ))}
            {changed.length === 0 && facts.length === 0 && <span className="text-11 text-faint">{text.usual}</span>}
          </span>
        )}
      </button>
      {open && (
        <div id={`${id}-content`} className="grid gap-1.5 px-3 pt-0.5 pb-3">
          <p className="pb-0.5 text-11 text-faint leading-4">{text.groups[group].about}</p>
          {children}
        </div>
      )}
    </section>
  );
}

const isIn = (field: string, group: GroupId) =>
  Object.entries(GROUP_OF).some(([name, of]) => name === field && of === group);

function Chip({ children }: { children: ReactNode }) {
  return (
    <span
      data-testid="form-chip"
      className="truncate rounded-sm border border-edge bg-raised px-1.5 text-11 text-muted leading-[18px] tabular-nums"
    >
      {children}
    </span>
  );
}
