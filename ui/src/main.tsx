// Where the window begins.
import "@fontsource-variable/inter/index.css";
import "@fontsource-variable/jetbrains-mono/index.css";
import "./theme/tokens.css";
import "./theme/base.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { problemOf } from "./backend/client";
import { router } from "./router";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // The program says when something has changed; nothing grows stale by time alone.
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => problemOf(error).retryable && failures < 1,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
