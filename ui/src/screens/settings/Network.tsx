import { useState } from "react";
import { useSaveSettings, useSettings } from "../../backend/useSettings";
import { useText } from "../../i18n/text";
import { Button } from "../../widgets/Button";
import { Field, TextInput } from "../../widgets/Field";
import { addressOrNull, isAddress } from "./address";
import { SettingNote } from "./SettingRow";

const HTTP = ["https:", "http:"];
const STREAM = ["wss:", "ws:"];

/** Where the exchange is asked. */
export function Network() {
  const text = useText().settings.network;
  const settings = useSettings();
  const { save, isPending } = useSaveSettings();
  const [rest, setRest] = useState(settings.restUrl ?? "");
  const [stream, setStream] = useState(settings.streamUrl ?? "");
  const restFine = isAddress(rest, HTTP);
  const streamFine = isAddress(stream, STREAM);
  const changed = addressOrNull(rest) !== settings.restUrl || addressOrNull(stream) !== settings.streamUrl;
  return (
    <form
      className="grid gap-3 pt-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (restFine && streamFine) save({ restUrl: addressOrNull(rest), streamUrl: addressOrNull(stream) });
      }}
    >
      <Field
        label={text.rest}
        aside={rest === "" ? text.default : undefined}
        error={restFine ? null : text.badUrl("https://")}
      >
        {({ id, describedBy, invalid }) => (
          <TextInput
            id={id}
            value={rest}
            onValue={setRest}
            placeholder={text.restHint}
            describedBy={describedBy}
            invalid={invalid}
            data-testid="rest-url"
          />
        )}
      </Field>
      <Field
        label={text.stream}
        aside={stream === "" ? text.default : undefined}
        error={streamFine ? null : text.badUrl("wss://")}
      >
        {({ id, describedBy, invalid }) => (
          <TextInput
            id={id}
            value={stream}
            onValue={setStream}
            placeholder={text.streamHint}
            describedBy={describedBy}
            invalid={invalid}
            data-testid="stream-url"
          />
        )}
      </Field>
      <div>
        <Button
          type="submit"
          kind="primary"
          disabled={!changed || !restFine || !streamFine || isPending}
          data-testid="save-network"
        >
          {text.save}
        </Button>
      </div>
      <SettingNote>{text.about}</SettingNote>
    </form>
  );
}
