import type { ReactNode } from "react";
import type { SessionDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { useCommand } from "../../backend/useCommand";
import type { Format } from "../../format";
import { type Catalogue, useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { SettingRow } from "./SettingRow";

/** What there is to know about a state beyond its name. */
function detailOf(session: SessionDto, text: Catalogue["settings"]["account"], format: Format): string | undefined {
  switch (session.state) {
    case "signedIn": {
      const { offlineSince, profile } = session;
      return offlineSince === null ? (profile.email ?? undefined) : text.offlineSince(format.dateTime(offlineSince));
    }
    case "signingIn":
      return text.browserHint;
    case "expired":
      return text.expiredHint;
    case "secretStoreMissing":
      return session.advice;
    case "notConfigured":
    case "signedOut":
      return undefined;
  }
}

/** The session's state and what can be done in it. */
export function SessionRow({ session }: { session: SessionDto }) {
  const text = useText().settings.account;
  const format = useFormat();
  const signIn = useCommand(() => answer(commands.signIn()));
  const cancel = useCommand(() => answer(commands.cancelSignIn()));
  const signOut = useCommand(() => answer(commands.signOut()));
  const signInButton = (label: string) => (
    <Button kind="primary" data-testid="sign-in" disabled={signIn.isPending} onClick={() => signIn.mutate(undefined)}>
      {label}
    </Button>
  );
  const action: Record<SessionDto["state"], ReactNode> = {
    notConfigured: null,
    signedOut: signInButton(text.signIn),
    signingIn: (
      <Button data-testid="cancel-sign-in" onClick={() => cancel.mutate(undefined)}>
        {text.cancel}
      </Button>
    ),
    signedIn: (
      <Button data-testid="sign-out" disabled={signOut.isPending} onClick={() => signOut.mutate(undefined)}>
        {text.signOut}
      </Button>
    ),
    expired: signInButton(text.signInAgain),
    secretStoreMissing: signInButton(text.signIn),
  };
  const name = session.state === "signedIn" ? (session.profile.name ?? session.profile.subject) : null;
  return (
    <SettingRow label={text.state} hint={detailOf(session, text, format)}>
      <span data-testid="session-state" data-state-name={session.state} role="status" className="text-13">
        {text.states[session.state]}
        {name !== null && <span className="font-medium"> · {name}</span>}
      </span>
      {action[session.state]}
    </SettingRow>
  );
}
