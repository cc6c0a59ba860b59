import type { Catalogue } from "../../i18n/text";

/** A venue as people call it; an imported file keeps the name it was given. */
export function venueName(venue: string, text: Catalogue["chart"]): string {
  const names: Record<string, string> = text.venues;
  return names[venue] ?? venue;
}

/** A word that fits beside a symbol; none for the default venue, whose symbols are the plain ones. */
export function venueTag(venue: string, text: Catalogue["chart"]): string | null {
  const tags: Record<string, string> = text.venueTags;
  return venue === "binance" ? null : (tags[venue] ?? venue);
}
