// The program's clock in the window: read with the status, run on by the window in between.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { queries } from "./backend/queries";

/** The program's time in milliseconds, renewed every `everyMs`. */
export function useNow(everyMs = 1_000): number {
  const { data, dataUpdatedAt } = useQuery(queries.status());
  const [tick, setTick] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setTick(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return data ? data.now + Math.max(0, tick - dataUpdatedAt) : tick;
}
