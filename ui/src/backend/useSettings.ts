// The settings document: read by everybody, changed a key at a time.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { SettingsDto } from "./bindings";
import { answer, commands } from "./client";
import { keys, queries } from "./queries";
import { useCommand } from "./useCommand";

/** What the program starts with; shown until the stored document is read. */
export const DEFAULT_SETTINGS: SettingsDto = {
  theme: "system",
  zone: "utc",
  candleColours: "greenUp",
  restUrl: null,
  streamUrl: null,
  crawlMinutes: 15,
  scoreAutomatically: true,
  engine: "exact",
  issuerUrl: null,
  clientId: "",
};

export function useSettings(): SettingsDto {
  return useQuery(queries.settings()).data ?? DEFAULT_SETTINGS;
}

/** Saves some keys of the settings; the window shows them at once and takes them back if saving fails. */
export function useSaveSettings() {
  const client = useQueryClient();
  const { mutate, isPending } = useCommand(async (change: Partial<SettingsDto>) => {
    const before = client.getQueryData(queries.settings().queryKey) ?? DEFAULT_SETTINGS;
    client.setQueryData(keys.settings, { ...before, ...change });
    try {
      client.setQueryData(keys.settings, await answer(commands.saveSettings({ ...before, ...change })));
    } catch (error) {
      client.setQueryData(keys.settings, before);
      throw error;
    }
  });
  return { save: useCallback((change: Partial<SettingsDto>) => mutate(change), [mutate]), isPending };
}
