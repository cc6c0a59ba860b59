import { useQuery } from "@tanstack/react-query";
import { answer, commands } from "../../backend/client";
import { queries } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { useActiveJob } from "../../backend/useJobs";
import { useText } from "../../i18n/text";
import { Button } from "../../widgets/Button";

/** How many stories wait for their score, and a way to have them scored now. */
export function WaitingNote() {
  const text = useText().news;
  const status = useQuery(queries.status()).data;
  const score = useCommand(() => answer(commands.scoreArticles()));
  const scoring = useActiveJob("score");
  if (!status || status.unscored === 0) return null;
  return (
    <div className="flex shrink-0 items-center gap-2 border-line border-t px-3 py-1.5 text-11 text-faint">
      <span className="min-w-0 flex-1">{text.waiting(status.unscored)}</span>
      {status.sentiment.state !== "missing" && (
        <Button
          className="h-6 px-1.5"
          disabled={scoring !== null || score.isPending}
          onClick={() => score.mutate(undefined)}
          data-testid="score-now"
        >
          {text.scoreNow}
        </Button>
      )}
    </div>
  );
}
