import { useQuery } from "@tanstack/react-query";
import type { SentimentStateDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { queries } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { type Catalogue, useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { QueryView } from "../../widgets/QueryView";
import { EngineRow } from "./EngineRow";
import { SettingNote, SettingRow } from "./SettingRow";

function detailOf(state: SentimentStateDto, text: Catalogue["settings"]["sentiment"]): string | undefined {
  switch (state.state) {
    case "idle":
      return text.idleHint;
    case "failed":
      return state.reason;
    case "missing":
      return state.what;
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
  const query = useQuery(queries.status());
  const score = useCommand(() => answer(commands.scoreArticles()));
  return (
    <QueryView query={query}>
      {(status) => (
        <>
          <SettingRow label={text.model}>
            <span className="select-text text-13">{status.model?.id ?? text.none}</span>
          </SettingRow>
          {status.model && (
            <SettingRow label={text.hash}>
              <span className="select-text break-all text-right font-mono text-11 text-muted">
                {status.model.sha256}
              </span>
            </SettingRow>
          )}
          <SettingRow label={text.state} hint={detailOf(status.sentiment, text)}>
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
