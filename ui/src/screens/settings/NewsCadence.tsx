import { answer, commands } from "../../backend/client";
import { useCommand } from "../../backend/useCommand";
import { useSaveSettings, useSettings } from "../../backend/useSettings";
import { useText } from "../../i18n/text";
import { Button } from "../../widgets/Button";
import { Segmented } from "../../widgets/Segmented";
import { Select } from "../../widgets/Select";
import { SettingNote, SettingRow } from "./SettingRow";

const MINUTES = [0, 5, 15, 30, 60];

/** How often the sources are read, and whether what they bring is scored at once. */
export function NewsCadence() {
  const text = useText().settings.news;
  const settings = useSettings();
  const { save } = useSaveSettings();
  const crawl = useCommand(() => answer(commands.crawl()));
  const label = (minutes: number) =>
    minutes === 0 ? text.cadence.never : minutes === 60 ? text.cadence.hourly : text.cadence.minutes(minutes);
  const offered = MINUTES.includes(settings.crawlMinutes) ? MINUTES : [...MINUTES, settings.crawlMinutes];
  return (
    <>
      <SettingRow label={text.every}>
        <div className="w-48">
          <Select
            label={text.every}
            value={String(settings.crawlMinutes)}
            onChange={(minutes) => save({ crawlMinutes: Number(minutes) })}
            options={offered.map((minutes) => ({ value: String(minutes), label: label(minutes) }))}
          />
        </div>
        <Button onClick={() => crawl.mutate(undefined)} disabled={crawl.isPending}>
          {text.crawlNow}
        </Button>
      </SettingRow>
      <SettingRow label={text.score} hint={text.scoreHint}>
        <Segmented
          label={text.score}
          value={settings.scoreAutomatically ? "on" : "off"}
          onChange={(choice) => save({ scoreAutomatically: choice === "on" })}
          choices={[
            { value: "on", label: text.on },
            { value: "off", label: text.off },
          ]}
        />
      </SettingRow>
      <SettingNote>{text.manage}</SettingNote>
    </>
  );
}
