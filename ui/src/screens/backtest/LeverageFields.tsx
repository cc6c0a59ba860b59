import { FolderOpen, X } from "lucide-react";
import { answer, commands } from "../../backend/client";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { Button, IconButton } from "../../widgets/Button";
import { Segmented } from "../../widgets/Segmented";
import { FormRow } from "./FormRow";
import { changeTerms } from "./formStore";
import { type TermFieldsProps, TermFigure } from "./TermFields";
import { fileName } from "./useFieldText";

/** Whether the account borrows, and what holding a position costs. */
export function LeverageFields(props: TermFieldsProps) {
  const { terms } = props;
  const text = useText().backtest.form;
  const pick = useCommand(() => answer(commands.pickFundingFile(text.funding)));
  return (
    <>
      <FormRow label={text.margin} hint={text.marginAbout}>
        {() => (
          <div className="w-52">
            <Segmented
              wide
              label={text.margin}
              value={terms.margin ? "on" : "off"}
              onChange={(next) => changeTerms({ margin: next === "on" })}
              choices={[
                { value: "off", label: text.margins.off, testId: "margin-off" },
                { value: "on", label: text.margins.on, testId: "margin-on" },
              ]}
            />
          </div>
        )}
      </FormRow>
      {terms.margin && (
        <>
          <TermFigure field="leverage" {...props} />
          <TermFigure field="maintenancePercent" {...props} />
        </>
      )}
      <FormRow label={text.funding} hint={text.fundingAbout}>
        {({ id }) => (
          <div className="flex w-52 items-center gap-1">
            <Button
              id={id}
              icon={<FolderOpen />}
              className="min-w-0 flex-1 justify-start"
              title={terms.funding ?? undefined}
              data-testid="form-funding"
              onClick={() =>
                pick.mutate(undefined, { onSuccess: (path) => path !== null && changeTerms({ funding: path }) })
              }
            >
              <span className="truncate">{terms.funding === null ? text.fundingPick : fileName(terms.funding)}</span>
            </Button>
            {terms.funding !== null && (
              <IconButton label={text.fundingClear} onClick={() => changeTerms({ funding: null })}>
                <X />
              </IconButton>
            )}
          </div>
        )}
      </FormRow>
    </>
  );
}
