import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { queries } from "../backend/queries";
import { useText } from "../i18n/text";

const LOOK =
  "inline-flex h-7 max-w-40 shrink-0 items-center truncate rounded-md border border-edge bg-raised px-2.5 text-12 font-medium hover:bg-hover";

/** Who is signed in, or the way there. Nothing at all while sign-in is off. */
export function AccountChip() {
  const text = useText();
  const { data: session } = useQuery(queries.session());
  if (!session || session.state === "notConfigured") return null;
  const label =
    session.state === "signedIn"
      ? (session.profile.name ?? session.profile.email ?? text.shell.account.signedIn)
      : session.state === "expired"
        ? text.shell.account.expired
        : text.shell.account.signIn;
  return (
    <Link to="/settings" search={{ section: "account" }} className={LOOK} data-testid="account-chip">
      {label}
    </Link>
  );
}
