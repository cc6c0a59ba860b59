import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { SentimentStateDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { queries } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { type Catalogue, useText } from "../../i18n/text";
import { troubleOf } from "../../shell/workerTrouble";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { QueryView } from "../../widgets/QueryView";
import { EngineRow } from "./EngineRow";
import { SettingNote, SettingRow } from "./SettingRow";

function detailOf(state: SentimentStateDto, all: Catalogue): string | undefined {
  switch (state.state) {
    case "idle":
      return all.settings.sentiment.idleHint;
    case "failed":
    case "missing":
      return troubleOf(state, all.shell.status) ?? undefined;
    case "scoring":
      return `${state.done} / ${state.total}`;
    case "starting":
    case "ready":
      return undefined;
  }
}

/** The model and the program that runs it. */
export function Sentiment() {
  const all = useText();
  const text = all.settings.sentiment;
  const format = useFormat();
  const navigate = useNavigate();
  const query = useQuery(queries.status());
  const score = useCommand(() => answer(commands.scoreArticles()));
  return (
    <QueryView query={query}>
      {(status) => (
        <>
          <SettingRow label={text.model}>
            <span className="select-text text-13">{status.model?.id ?? text.none}</span>
            <Button onClick={() => void navigate({ to: "/model" })} data-testid="open-model">
              {text.openModel}
            </Button>
          </SettingRow>
          {status.model && (
            <SettingRow label={text.hash}>
              {/* Two lines of 32 digits; half a digit more, so that rounding does not break one too early. */}
              <span
                className="w-[32.5ch] select-text break-all font-mono text-11 text-muted"
                data-testid="model-sha256"
              >
                {status.model.sha256}
              </span>
            </SettingRow>
          )}
          <SettingRow label={text.state} hint={detailOf(status.sentiment, all)}>
            <span className="text-13">{all.shell.status.model[status.sentiment.state]}</span>
          </SettingRow>
          <EngineRow engine={status.engine} />
          <SettingRow label={text.waiting}>
            <span className="text-13 tabular-nums">{format.count(status.unscored)}</span>
            <Button onClick={() => score.mutate(undefined)} disabled={score.isPending || status.unscored === 0}>
              {text.scoreNow}
            </Button>
          </SettingRow>
          <SettingNote>{text.local}</SettingNote>
        </>
      )}
    </QueryView>
  );
}
