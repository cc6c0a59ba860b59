import { useQuery } from "@tanstack/react-query";
import { answer, commands } from "../../backend/client";
import { queries } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { BrandMark } from "../../shell/BrandMark";
import { openWelcome } from "../../shell/windowState";
import { Button } from "../../widgets/Button";
import { QueryView } from "../../widgets/QueryView";
import { showDone } from "../../widgets/toast";
import { SettingNote, SettingRow } from "./SettingRow";

/** What this program is, where it keeps things, and whose work it stands on. */
export function About() {
  const text = useText().settings.about;
  const info = useQuery(queries.appInfo());
  const series = useQuery(queries.series());
  const hasSample = series.data?.some((one) => one.simulated) ?? false;
  const openFolder = useCommand((which: "data" | "logs") => answer(commands.openFolder(which)));
  const load = useCommand(() => answer(commands.loadSample()));
  const remove = useCommand(() => answer(commands.removeSample()));
  return (
    <QueryView query={info}>
      {(app) => (
        <>
          <div className="flex items-center gap-3 border-line border-b py-4">
            <span className="grid size-9 place-items-center rounded-md border border-line bg-raised text-accent">
              <BrandMark />
            </span>
            <div>
              <p className="text-15 font-semibold">{text.name}</p>
              <p className="text-12 text-muted">{text.tagline}</p>
            </div>
          </div>
          <SettingRow label={text.version} hint={`${text.bundle}: ${app.bundle ?? text.development}`}>
            <span className="select-text text-13">{app.version}</span>
          </SettingRow>
          <SettingRow label={text.dataFolder} hint={<span className="select-text break-all">{app.dataDir}</span>}>
            <Button onClick={() => openFolder.mutate("data")}>{text.open}</Button>
          </SettingRow>
          <SettingRow label={text.logFolder} hint={<span className="select-text break-all">{app.logDir}</span>}>
            <Button onClick={() => openFolder.mutate("logs")}>{text.open}</Button>
          </SettingRow>
          <SettingRow label={text.sample} hint={text.sampleHint}>
            {hasSample ? (
              <Button
                onClick={() => remove.mutate(undefined, { onSuccess: () => showDone(text.sampleRemoved) })}
                disabled={remove.isPending}
                data-testid="remove-sample"
              >
                {text.removeSample}
              </Button>
            ) : (
              <Button onClick={() => load.mutate(undefined)} disabled={load.isPending} data-testid="load-sample">
                {text.loadSample}
              </Button>
            )}
            <Button onClick={() => openWelcome(true)}>{text.welcome}</Button>
          </SettingRow>
          <SettingRow label={text.licence}>
            <span className="text-13">Apache-2.0</span>
          </SettingRow>
          <SettingNote>
            {text.chartCredit}{" "}
            <a href="https://www.tradingview.com/" className="underline hover:text-fg">
              tradingview.com
            </a>
          </SettingNote>
          <SettingNote>{text.privacy}</SettingNote>
        </>
      )}
    </QueryView>
  );
}
