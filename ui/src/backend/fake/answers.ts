// Results as the host gives them.
import type { ApiError, ErrorCode } from "../bindings";

export type Ok<T> = { status: "ok"; data: T };
export type Failed = { status: "error"; error: ApiError };

export async function ok<T>(data: T): Promise<Ok<T>> {
  return { status: "ok", data };
}

export async function failed(code: ErrorCode, message: string, hint: string | null = null): Promise<Failed> {
  return {
    status: "error",
    error: { code, message, hint, retryable: code === "offline" || code === "remote", id: "e-3f9a21" },
  };
}
