import { useQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import type { EvaluationDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { queries } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { IconButton } from "../../widgets/Button";
import { EmptyState } from "../../widgets/EmptyState";
import { PanelHead } from "../../widgets/PanelHead";
import { QueryView } from "../../widgets/QueryView";
import { Select } from "../../widgets/Select";
import { showDone } from "../../widgets/toast";
import { EvaluationForm, fileName } from "./EvaluationForm";
import { EvaluationResult } from "./EvaluationResult";
import { showEvaluation, useModelState } from "./modelStore";

/** The model on a file of labelled texts, and what came of earlier ones. */
export function EvaluationPage() {
  const text = useText().model.check;
  const format = useFormat();
  const query = useQuery(queries.evaluations());
  const chosen = useModelState((state) => state.shown);
  const kept = query.data ?? [];
  const shown = kept.find(({ id }) => id === chosen) ?? kept[0] ?? null;
  const remove = useCommand((id: number) => answer(commands.deleteEvaluation(id)));
  const nameOf = ({ path, model, finished }: EvaluationDto) =>
    text.line(fileName(path), model.id, format.dateTime(finished));
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto" data-testid="model-check">
      <EvaluationForm />
      <QueryView query={query}>
        {() =>
          shown === null ? (
            <EmptyState title={text.empty.title} body={text.empty.body} />
          ) : (
            <>
              <PanelHead
                title={
                  <span className="block w-[min(480px,60vw)] font-normal">
                    <Select
                      label={text.shown}
                      value={String(shown.id)}
                      onChange={(id) => showEvaluation(Number(id))}
                      options={kept.map((one) => ({ value: String(one.id), label: nameOf(one) }))}
                      testId="evaluation-choice"
                    />
                  </span>
                }
              >
                <IconButton
                  label={text.remove}
                  data-testid="evaluation-delete"
                  disabled={remove.isPending}
                  onClick={() => remove.mutate(shown.id, { onSuccess: () => showDone(text.removed) })}
                >
                  <Trash2 />
                </IconButton>
              </PanelHead>
              <EvaluationResult key={shown.id} found={shown} />
            </>
          )
        }
      </QueryView>
    </div>
  );
}
