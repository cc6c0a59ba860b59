import { useQueryClient } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import type { ConnectionDto, HostsDto } from "../backend/bindings";
import { answer, commands } from "../backend/client";
import { queries } from "../backend/queries";
import { useCommand } from "../backend/useCommand";
import { useSaveSettings } from "../backend/useSettings";
import { useText } from "../i18n/text";
import { useNow } from "../useNow";
import { Button } from "../widgets/Button";
import { showDone } from "../widgets/toast";
import { untilRetry } from "./connections";

/** What a person can do about a connection: try it at once, move to other hosts. Nothing where neither is allowed. */
export function ConnectionActions({ connection }: { connection: ConnectionDto }) {
  const { venue, alternative } = connection;
  // A try that is under way needs no other.
  const left = untilRetry(connection, useNow());
  const canTryNow = connection.canTryNow && left !== 0;
  if (!canTryNow && !alternative) return null;
  return (
    <div className="flex flex-wrap gap-2">
      {canTryNow && <TryNow venue={venue} />}
      {alternative && <UseHosts hosts={alternative} />}
    </div>
  );
}

function TryNow({ venue }: { venue: string }) {
  const text = useText().connection;
  const client = useQueryClient();
  const attempt = useCommand((name: string) => answer(commands.reconnect(name)));
  return (
    <Button
      icon={<RotateCw />}
      disabled={attempt.isPending}
      data-testid="try-now"
      onClick={() => attempt.mutate(venue, { onSettled: () => client.invalidateQueries(queries.connections()) })}
    >
      {text.tryNow}
    </Button>
  );
}

function UseHosts({ hosts }: { hosts: HostsDto }) {
  const text = useText().connection;
  const { save, isPending } = useSaveSettings();
  return (
    <Button
      disabled={isPending}
      data-testid="use-hosts"
      onClick={() => {
        save({ restUrl: hosts.restUrl, streamUrl: hosts.streamUrl });
        showDone(text.hostsUsed(hosts.name));
      }}
    >
      {text.useHosts(hosts.name)}
    </Button>
  );
}
