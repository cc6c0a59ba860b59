import { RefreshCw, X } from "lucide-react";
import { answer, commands } from "../../backend/client";
import { useCommand } from "../../backend/useCommand";
import { useActiveJob } from "../../backend/useJobs";
import { useText } from "../../i18n/text";
import { Progress } from "../../shell/Progress";
import { useFormat } from "../../useFormat";
import { Button, IconButton } from "../../widgets/Button";

/** Starts a round over the sources and shows how far it is. */
export function CrawlButton() {
  const text = useText().news;
  const format = useFormat();
  const job = useActiveJob("crawl");
  const crawl = useCommand(() => answer(commands.crawl()));
  const cancel = useCommand((id: string) => answer(commands.cancelJob(id)));
  if (job) {
    return (
      <span className="flex shrink-0 items-center gap-2 text-12 text-muted" data-testid="crawl-progress">
        <Progress done={job.done} total={job.total} label={text.crawling} className="w-20" />
        <span className="tabular-nums" role="status">
          {job.total === null ? text.crawling : text.crawlDone(format.count(job.done), format.count(job.total))}
        </span>
        <IconButton label={text.crawlStop} disabled={cancel.isPending} onClick={() => cancel.mutate(job.id)}>
          <X />
        </IconButton>
      </span>
    );
  }
  return (
    <Button
      icon={<RefreshCw />}
      disabled={crawl.isPending}
      onClick={() => crawl.mutate(undefined)}
      data-testid="crawl-now"
    >
      {text.crawl}
    </Button>
  );
}
