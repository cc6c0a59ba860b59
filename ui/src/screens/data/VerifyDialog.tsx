import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { SeriesDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { queries } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { DateSpan } from "../../shell/dialogs/DateSpan";
import { spanOf } from "../../shell/dialogs/span";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { Dialog } from "../../widgets/Dialog";
import { Segmented } from "../../widgets/Segmented";
import { showNote } from "../../widgets/toast";
import { totalsOf } from "./strip";

type Choice = "all" | "month" | "custom";

/** Which span the exchange is to be asked for once more. */
export function VerifyDialog({ series, name, onClose }: { series: SeriesDto; name: string; onClose: () => void }) {
  const text = useText().data.verifyDialog;
  const format = useFormat();
  const [choice, setChoice] = useState<Choice>("all");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const span = choice === "all" ? { from: series.first, to: null } : spanOf(choice, series.last ?? 0, from, to);
  const strip = useQuery({
    ...queries.strip(series.id, span?.from ?? null, span?.to ?? null, 1),
    enabled: span !== null,
    placeholderData: (previous) => previous,
  });
  const present = span === null ? null : strip.data ? totalsOf(strip.data).present : null;
  const verify = useCommand(() => answer(commands.verifySeries(series.id, span?.from ?? null, span?.to ?? null)));
  const start = () =>
    verify.mutate(undefined, {
      onSuccess: () => {
        showNote(text.started(name));
        onClose();
      },
    });
  return (
    <Dialog
      open
      onClose={onClose}
      title={text.title(name)}
      about={text.about}
      testId="verify-dialog"
      actions={
        <Button
          kind="primary"
          disabled={span === null || present === 0 || verify.isPending}
          onClick={start}
          data-testid="verify-start"
        >
          {text.start}
        </Button>
      }
    >
      <div className="grid gap-3">
        <Segmented
          wide
          label={text.span}
          value={choice}
          onChange={setChoice}
          choices={[
            { value: "all", label: text.spans.all },
            { value: "month", label: text.spans.month },
            { value: "custom", label: text.spans.custom },
          ]}
        />
        {choice === "custom" && <DateSpan from={from} to={to} onFrom={setFrom} onTo={setTo} />}
        {present !== null && (
          <p className="text-12 text-muted" data-testid="verify-plan">
            {present === 0 ? text.nothing : text.plan(format.count(present))}
          </p>
        )}
      </div>
    </Dialog>
  );
}
