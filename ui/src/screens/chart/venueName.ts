import type { Catalogue } from "../../i18n/text";

/** A venue as people call it; an imported file keeps the name it was given. */
export function venueName(venue: string, text: Catalogue["chart"]): string {
  const names: Record<string, string> = text.venues;
  return names[venue] ?? venue;
}
