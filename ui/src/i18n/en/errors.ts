import type { ErrorCode } from "../../backend/bindings";

/** What a code means to a person, and what to do next where the program gives no better hint. */
export const errors: { [code in ErrorCode]: { title: string; advice: string } } = {
  not_found: { title: "This does not exist any more", advice: "Go back and choose another." },
  invalid: { title: "That does not work as entered", advice: "Correct the entry and try again." },
  offline: { title: "No network", advice: "Connect to the internet and try again. Stored data stays usable." },
  rate_limited: { title: "The other side asks us to wait", advice: "Try again in a minute." },
  remote: { title: "The other side failed", advice: "Nothing is wrong here. Try again later." },
  denied: { title: "The other side refuses", advice: "Check the address and your access." },
  busy: { title: "This is already running", advice: "Wait for it or cancel it in the job tray." },
  cancelled: { title: "Cancelled", advice: "Start it again whenever you like." },
  disk_full: { title: "The disk is full", advice: "Free some space and try again." },
  database_locked: { title: "The database is in use", advice: "Close the other program that uses it and try again." },
  database_newer: {
    title: "The database comes from a newer version",
    advice: "Install the newest version. This one leaves the database untouched.",
  },
  database: {
    title: "The database cannot be read or written",
    advice: "Look at the log; a copy of the data folder is a good first step.",
  },
  file: { title: "The file cannot be read or written", advice: "Check that it exists and that you may use it." },
  secret_store_missing: {
    title: "No secret store on this system",
    advice: "Start a keyring service, then sign in again.",
  },
  sign_in_expired: { title: "The session has ended", advice: "Sign in again. Your data is still here." },
  model_missing: {
    title: "The sentiment model is not installed",
    advice: "See Settings, Sentiment for what is missing.",
  },
  out_of_memory: {
    title: "The memory does not suffice",
    advice: "Close other programs, or choose the fast engine under Settings, Sentiment, which needs less.",
  },
  internal: { title: "A mistake of ours", advice: "Copy the details and report them, please." },
};
