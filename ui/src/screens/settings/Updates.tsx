import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, commands, openChannel, problemOf } from "../../backend/client";
import { queries } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { explain } from "../../widgets/ErrorView";
import { SettingNote, SettingRow } from "./SettingRow";

/** Is there a newer version, and getting it. */
export function Updates() {
  const all = useText();
  const text = all.settings.updates;
  const format = useFormat();
  const info = useQuery(queries.appInfo()).data;
  const [bytes, setBytes] = useState(0);
  const check = useCommand(() => answer(commands.checkUpdate()), { quiet: true });
  const install = useCommand(() => answer(commands.installUpdate(openChannel<number>(setBytes))));
  const found = check.data;
  const problem = check.error ? explain(problemOf(check.error), all) : null;
  const outcome = check.isPending
    ? text.checking
    : problem
      ? `${problem.title}. ${problem.advice}`
      : !found
        ? text.notChecked
        : found.state === "upToDate"
          ? text.upToDate(found.version)
          : text.available(found.version);
  return (
    <>
      <SettingRow label={text.version}>
        <span className="select-text text-13 tabular-nums">{info?.version ?? "…"}</span>
        <Button
          onClick={() => check.mutate(undefined)}
          disabled={check.isPending || install.isPending}
          data-testid="check-update"
        >
          {text.check}
        </Button>
      </SettingRow>
      <div
        role="status"
        data-testid="update-outcome"
        data-outcome={problem ? "failed" : (found?.state ?? "none")}
        className={problem ? "py-3 text-13 text-warn" : "py-3 text-13 text-muted"}
      >
        {outcome}
        {check.error && <p className="select-text text-12 text-faint">{problemOf(check.error).message}</p>}
      </div>
      {found?.state === "available" && (
        <div className="grid gap-3">
          {found.notes !== null && (
            <section>
              <h3 className="mb-1 text-12 font-semibold">{text.notes}</h3>
              <p className="select-text whitespace-pre-line text-12 leading-[18px] text-muted">{found.notes}</p>
            </section>
          )}
          <div className="flex items-center gap-3">
            <Button
              kind="primary"
              disabled={install.isPending}
              onClick={() => install.mutate(undefined)}
              data-testid="install-update"
            >
              {install.isPending ? text.installing(format.bytes(bytes)) : text.install}
            </Button>
            {install.isSuccess && (
              <span className="text-12 text-muted">{install.data ? text.installed : text.notInstalled}</span>
            )}
          </div>
        </div>
      )}
      <SettingNote>{text.signed}</SettingNote>
    </>
  );
}
