import { clsx } from "clsx";
import { useSaveSettings, useSettings } from "../../backend/useSettings";
import { useText } from "../../i18n/text";
import { usePreferences } from "../../preferences";
import { useFormat } from "../../useFormat";
import { useNow } from "../../useNow";
import { Segmented } from "../../widgets/Segmented";
import { SettingRow } from "./SettingRow";

const CANDLES = [0.62, 0.4, 0.78, 0.3, 0.55, 0.86, 0.48];

/** Theme, zone, candle colours, language. */
export function Appearance() {
  const text = useText().settings.appearance;
  const settings = useSettings();
  const { save } = useSaveSettings();
  const language = usePreferences((state) => state.language);
  const set = usePreferences((state) => state.set);
  const format = useFormat();
  const now = useNow();
  return (
    <>
      <SettingRow label={text.theme}>
        <Segmented
          label={text.theme}
          value={settings.theme}
          onChange={(theme) => save({ theme })}
          choices={[
            { value: "system", label: text.themes.system, testId: "settings-theme-system" },
            { value: "dark", label: text.themes.dark, testId: "settings-theme-dark" },
            { value: "light", label: text.themes.light, testId: "settings-theme-light" },
          ]}
        />
      </SettingRow>
      <SettingRow label={text.candles} hint={text.candlesHint}>
        <span className="flex h-6 items-center gap-[3px]" aria-hidden>
          {CANDLES.map((height, index) => (
            <span
              key={height}
              className={clsx("w-[5px] rounded-[1px]", index % 3 === 1 ? "bg-down" : "bg-up")}
              style={{ height: `${height * 100}%` }}
            />
          ))}
        </span>
        <Segmented
          label={text.candles}
          value={settings.candleColours}
          onChange={(candleColours) => save({ candleColours })}
          choices={[
            { value: "greenUp", label: text.candleColours.greenUp },
            { value: "redUp", label: text.candleColours.redUp },
            { value: "colourBlind", label: text.candleColours.colourBlind },
          ]}
        />
      </SettingRow>
      <SettingRow label={text.zone} hint={text.zoneHint}>
        <span className="text-12 text-faint tabular-nums">
          {format.dateTime(now)} {format.zoneName(now)}
        </span>
        <Segmented
          label={text.zone}
          value={settings.zone}
          onChange={(zone) => save({ zone })}
          choices={[
            { value: "utc", label: text.zones.utc },
            { value: "local", label: text.zones.local },
          ]}
        />
      </SettingRow>
      <SettingRow
        label={text.language}
        hint={`${text.example}: ${format.number(41_844.26, 2)} · ${format.change(-0.0231)}`}
      >
        <Segmented
          label={text.language}
          value={language}
          onChange={(next) => set({ language: next })}
          choices={[
            { value: "system", label: text.languages.system },
            { value: "en", label: text.languages.en },
            { value: "de", label: text.languages.de },
          ]}
        />
      </SettingRow>
    </>
  );
}
