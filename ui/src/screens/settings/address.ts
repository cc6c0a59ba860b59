// Addresses as a person types them.

/** Whether a text is a whole address of one of the schemes; nothing at all stands for the default and is fine. */
export function isAddress(text: string, schemes: readonly string[]): boolean {
  const trimmed = text.trim();
  if (trimmed === "") return true;
  if (!URL.canParse(trimmed)) return false;
  return schemes.includes(new URL(trimmed).protocol);
}

/** The address without spaces; null where none is given. */
export function addressOrNull(text: string): string | null {
  const trimmed = text.trim();
  return trimmed === "" ? null : trimmed;
}
