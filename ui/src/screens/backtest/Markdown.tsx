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
    case "paragraph":
      return (
        <p>
          <Words text={block.text} />
        </p>
      );
  }
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
