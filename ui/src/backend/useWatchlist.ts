// The watchlist: read by the chart screen, changed as a whole. The window shows a change at once and takes it back when
// it fails.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { WatchRowDto, WatchSymbolDto } from "./bindings";
import { answer, commands } from "./client";
import { keys, queries } from "./queries";
import { useCommand } from "./useCommand";

/** What tells watched symbols apart. */
export function watchKey(one: WatchSymbolDto): string {
  return `${one.venue}:${one.symbol}`;
}

/** A symbol of which nothing is known yet. */
function blankRow({ venue, symbol }: WatchSymbolDto): WatchRowDto {
  return {
    venue,
    symbol,
    seriesIds: [],
    last: null,
    priceDecimals: 2,
    change24h: null,
    high24h: null,
    low24h: null,
    quoteVolume24h: null,
    at: null,
    state: "stale",
    sentiment24h: null,
  };
}

export function useWatchlist() {
  const client = useQueryClient();
  const query = useQuery(queries.watchlist());
  const { mutate } = useCommand(async (symbols: readonly WatchSymbolDto[]) => {
    await client.cancelQueries({ queryKey: keys.watchlist });
    const { queryKey } = queries.watchlist();
    const before = client.getQueryData(queryKey) ?? [];
    const rows = symbols.map((one) => before.find((row) => watchKey(row) === watchKey(one)) ?? blankRow(one));
    client.setQueryData(queryKey, rows);
    try {
      await answer(commands.setWatchlist(symbols.map(({ venue, symbol }) => ({ venue, symbol }))));
      await client.invalidateQueries({ queryKey });
    } catch (error) {
      client.setQueryData(queryKey, before);
      throw error;
    }
  });
  return { query, set: useCallback((symbols: readonly WatchSymbolDto[]) => mutate(symbols), [mutate]) };
}
