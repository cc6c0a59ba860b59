/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** "1" in builds that run on the in-memory program instead of the desktop host. */
  readonly VITE_FAKE?: string;
}
