import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queries } from "../../backend/queries";
import { useSaveSettings, useSettings } from "../../backend/useSettings";
import { useText } from "../../i18n/text";
import { Button } from "../../widgets/Button";
import { Field, TextInput } from "../../widgets/Field";
import { QueryView } from "../../widgets/QueryView";
import { addressOrNull, isAddress } from "./address";
import { SessionRow } from "./SessionRow";
import { SettingNote } from "./SettingRow";

/** Who is signed in, and at which issuer. */
export function Account() {
  const all = useText().settings;
  const text = all.account;
  const settings = useSettings();
  const { save, isPending } = useSaveSettings();
  const session = useQuery(queries.session());
  const [issuer, setIssuer] = useState(settings.issuerUrl ?? "");
  const [client, setClient] = useState(settings.clientId);
  const fine = isAddress(issuer, ["https:", "http:"]);
  const changed = addressOrNull(issuer) !== settings.issuerUrl || client.trim() !== settings.clientId;
  return (
    <>
      <QueryView query={session}>{(state) => <SessionRow session={state} />}</QueryView>
      <form
        className="grid gap-3 pt-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (fine) save({ issuerUrl: addressOrNull(issuer), clientId: client.trim() });
        }}
      >
        <Field label={text.issuer} aside={text.issuerHint} error={fine ? null : all.network.badUrl("https://")}>
          {({ id, describedBy, invalid }) => (
            <TextInput
              id={id}
              value={issuer}
              onValue={setIssuer}
              placeholder="https://…"
              describedBy={describedBy}
              invalid={invalid}
              data-testid="issuer-url"
            />
          )}
        </Field>
        <Field label={text.client}>
          {({ id }) => <TextInput id={id} value={client} onValue={setClient} data-testid="client-id" />}
        </Field>
        <div>
          <Button type="submit" disabled={!changed || !fine || isPending} data-testid="save-account">
            {text.save}
          </Button>
        </div>
      </form>
      <SettingNote>
        {text.optional} {text.where}
      </SettingNote>
    </>
  );
}
