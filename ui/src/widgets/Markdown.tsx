import { clsx } from "clsx";
import { type Block, blocksOf, piecesOf } from "./markdown";

/** A text of the program's own, set for reading. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className="grid select-text gap-2 text-12 leading-[18px]">
      {blocksOf(text).map((block, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a text is read from its beginning, its blocks do not move
        <BlockView key={at} block={block} />
      ))}
    </div>
  );
}

function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case "heading":
      return block.level === 1 ? (
        <h3 className="text-13 font-semibold">{block.text}</h3>
      ) : (
        <h4 className="pt-1 text-12 font-semibold">{block.text}</h4>
      );
    case "code":
      return (
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, also by keyboard
          tabIndex={0}
          className="overflow-x-auto rounded-sm bg-raised p-2 font-mono text-11 leading-4 [font-variant-ligatures:none]"
        >
          {block.text}
        </pre>
      );
    case "list":
      return (
        <ul className="grid list-disc gap-1 pl-4">
          {block.items.map((item) => (
            <li key={item}>
              <Words text={item} />
            </li>
          ))}
        </ul>
      );
    case "table":
      return <TableView header={block.header} rows={block.rows} />;
    case "paragraph":
      return (
        <p>
          <Words text={block.text} />
        </p>
      );
  }
}

/** Rows under their names; a table whose header is empty is a list of names and what they are. */
function TableView({ header, rows }: { header: readonly string[]; rows: readonly string[][] }) {
  const figures = header.map((_, at) => rows.every((row) => /^[\d.,%−-]*$/.test(row[at] ?? "")));
  const align = (at: number) => (figures[at] ? "text-right tabular-nums" : "text-left");
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: wide tables scroll, also by keyboard
    <div tabIndex={0} className="overflow-x-auto">
      <table className="border-collapse">
        {header.some((name) => name !== "") && (
          <thead>
            <tr className="border-edge border-b text-faint">
              {header.map((name, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move
                <th key={at} scope="col" className={clsx("py-1 pr-6 font-medium", align(at))}>
                  <Words text={name} />
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows do not move
            <tr key={at} className="border-line border-b">
              {row.map((cell, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells do not move
                <td key={place} className={clsx("break-words py-1 pr-6 align-top", align(place))}>
                  <Words text={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A line with its code and strong words set apart. */
export function Words({ text, quiet }: { text: string; quiet?: boolean }) {
  return piecesOf(text).map(({ kind, text: words }, at) => {
    const key = `${at}${words}`;
    if (kind === "code") {
      return (
        <code
          key={key}
          className={clsx(
            "font-mono text-11 [font-variant-ligatures:none]",
            !quiet && "rounded-sm bg-raised px-1 py-px",
          )}
        >
          {words}
        </code>
      );
    }
    return kind === "strong" ? (
      <strong key={key} className="font-semibold">
        {words}
      </strong>
    ) : (
      <span key={key}>{words}</span>
    );
  });
}
