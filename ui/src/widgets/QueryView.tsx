import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { problemOf } from "../backend/client";
import { useText } from "../i18n/text";
import { ErrorView } from "./ErrorView";
import { Skeleton } from "./Skeleton";

interface QueryViewProps<T> {
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
  /** Shown while the first answer is on its way. */
  loading?: ReactNode;
}

/** The states of something read: outline, error with retry, the thing itself, and the thing with a note that it is old. */
export function QueryView<T>({ query, children, loading }: QueryViewProps<T>) {
  const text = useText();
  if (query.data !== undefined) {
    return (
      <>
        {query.isError && (
          <p role="status" className="shrink-0 border-line border-b bg-raised px-3 py-1 text-11 text-warn">
            {text.shell.states.stale}
          </p>
        )}
        {children(query.data)}
      </>
    );
  }
  if (query.isError) return <ErrorView problem={problemOf(query.error)} onRetry={() => void query.refetch()} />;
  return loading ?? <Skeleton />;
}
