import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `--mode fake` builds the screens on the in-memory program of `src/backend/fake`, for tests in a browser.
export default defineConfig(({ mode }) => ({
  plugins: [react(), tailwind()],
  clearScreen: false,
  define: mode === "fake" ? { "import.meta.env.VITE_FAKE": JSON.stringify("1") } : {},
  server: { port: 5173, strictPort: true, host: "127.0.0.1" },
  build: {
    target: "es2022",
    // Nothing is inlined: the content security policy allows fonts and scripts from the program itself only.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    reportCompressedSize: false,
  },
}));
