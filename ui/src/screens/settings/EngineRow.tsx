import type { EngineStateDto } from "../../backend/bindings";
import { useSaveSettings } from "../../backend/useSettings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { Segmented } from "../../widgets/Segmented";
import { SettingRow } from "./SettingRow";

/** Exact or fast, how near the fast one comes, and why it does not score when it was chosen. */
export function EngineRow({ engine }: { engine: EngineStateDto }) {
  const text = useText().settings.sentiment.engine;
  const format = useFormat();
  const { save } = useSaveSettings();
  const { agreement } = engine;
  const near = agreement
    ? text.agreement(format.percent(agreement.sameLabel / agreement.texts, 1), format.count(agreement.texts))
    : text.notMeasured;
  return (
    <>
      <SettingRow label={text.label} hint={engine.forced ? text.forced : text.hint}>
        <Segmented
          label={text.label}
          value={engine.wanted}
          onChange={(chosen) => save({ engine: chosen })}
          disabled={engine.forced}
          choices={[
            { value: "exact", label: text.exact, testId: "engine-exact" },
            { value: "fast", label: text.fast, testId: "engine-fast" },
          ]}
        />
        <p className="w-full text-right text-11 text-faint" data-testid="engine-agreement">
          {text.speed} {near}
        </p>
      </SettingRow>
      {engine.reason !== null && (
        <SettingRow label={text.instead}>
          <span className="text-right text-12" role="status" data-testid="engine-reason">
            {engine.reason.code === "noProgram" ? text.noProgram(engine.reason.path) : text.noWeights}
          </span>
        </SettingRow>
      )}
    </>
  );
}
