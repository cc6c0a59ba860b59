// The little of Markdown that the program's own texts and the cards of models use, as blocks. Pure; nothing of it becomes markup by
// itself.

export type Block =
  | { kind: "heading"; level: number; text: string }
  | { kind: "paragraph"; text: string }
  | { kind: "list"; items: string[] }
  | { kind: "code"; text: string }
  | { kind: "table"; header: string[]; rows: string[][] };

export interface Piece {
  kind: "plain" | "code" | "strong";
  text: string;
}

/** Blocks of a text. Comments and the addresses of links are left out. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  const lines = markdown.replace(/<!--[\s\S]*?-->/g, "").split("\n");
  let open: Block | null = null;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const heading = /^(#+)\s+(.*)/.exec(line);
    if (line.startsWith("```")) {
      const end = lines.findIndex((other, place) => place > at && other.startsWith("```"));
      const stop = end < 0 ? lines.length : end;
      blocks.push({ kind: "code", text: lines.slice(at + 1, stop).join("\n") });
      at = stop;
      open = null;
    } else if (heading) {
      blocks.push({ kind: "heading", level: heading[1]?.length ?? 1, text: heading[2] ?? "" });
      open = null;
    } else if (line.startsWith("|") && /^\|[\s:|-]+\|?\s*$/.test(lines[at + 1] ?? "")) {
      const first = at;
      at += 1;
      while (lines[at + 1]?.startsWith("|")) at += 1;
      blocks.push({ kind: "table", header: cellsOf(line), rows: lines.slice(first + 2, at + 1).map(cellsOf) });
      open = null;
    } else if (line.trim() === "") open = null;
    else if (/^\s*[-*]\s/.test(line)) {
      const item = line.replace(/^\s*[-*]\s+/, "");
      if (open?.kind === "list") open.items.push(item);
      else {
        open = { kind: "list", items: [item] };
        blocks.push(open);
      }
    } else if (open?.kind === "list") {
      open.items.push(`${open.items.pop() ?? ""} ${line.trim()}`);
    } else if (open?.kind === "paragraph") open.text += ` ${line.trim()}`;
    else {
      open = { kind: "paragraph", text: line.trim() };
      blocks.push(open);
    }
  }
  return blocks;
}

/** The cells of a line of a table. */
function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());
}

/** A line of text cut at its code and its strong words. */
export function piecesOf(text: string): Piece[] {
  const plain = text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  return plain.split(/(`[^`]+`|\*\*[^*]+\*\*)/).flatMap((part): Piece[] => {
    if (part === "") return [];
    if (part.startsWith("`") && part.length > 1) return [{ kind: "code", text: part.slice(1, -1) }];
    if (part.startsWith("**") && part.length > 4) return [{ kind: "strong", text: part.slice(2, -2) }];
    return [{ kind: "plain", text: part }];
  });
}

/** What a script says about itself: its lines that begin with `//!`. Empty where it says nothing. */
export function headOf(script: string): string {
  const head: string[] = [];
  for (const line of script.split("\n")) {
    if (!line.startsWith("//!")) break;
    head.push(line.slice(3).replace(/^ /, ""));
  }
  return head.join("\n").trim();
}
