// Makes a run once more. Where it paid funding, the person says again where the file of its rates is.
import type { RunReportDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { requestOfRun, tookFunding } from "./rerun";
import type { Runner } from "./useRunner";

export function useRerun(runner: Runner): (of: RunReportDto) => void {
  const title = useText().backtest.form.funding;
  const pick = useCommand((_of: RunReportDto) => answer(commands.pickFundingFile(title)));
  const start = (of: RunReportDto, funding: string | null) => {
    const request = requestOfRun(of, funding);
    if (request) runner.start(request, of.run.id);
  };
  return (of) => {
    if (!tookFunding(of)) start(of, null);
    else pick.mutate(of, { onSuccess: (path) => path !== null && start(of, path) });
  };
}
