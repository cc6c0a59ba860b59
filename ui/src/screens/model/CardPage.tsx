import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ModelCardDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { Markdown } from "../../widgets/Markdown";
import { QueryView } from "../../widgets/QueryView";
import { Skeleton } from "../../widgets/Skeleton";

/** What the current model is, and what its makers measured. */
export function CardPage() {
  const query = useQuery(queries.modelCard());
  return (
    <QueryView query={query} loading={<Skeleton rows={14} />}>
      {(card) => (
        <div className="min-h-0 flex-1 overflow-y-auto px-4 py-4" data-testid="model-card">
          <div className="grid max-w-[760px] gap-5">
            <Facts card={card} />
            <Readme text={card.readme} />
          </div>
        </div>
      )}
    </QueryView>
  );
}

function Facts({ card }: { card: ModelCardDto }) {
  const text = useText().model.card;
  const format = useFormat();
  const languages: Record<string, string> = text.languages;
  return (
    <section>
      <h2 className="text-20 font-semibold">{card.title}</h2>
      <dl className="mt-3 grid grid-cols-[max-content_minmax(0,1fr)] gap-x-6 gap-y-1.5 text-12">
        <Fact name={text.id}>{card.id}</Fact>
        <Fact name={text.licence}>{card.licence}</Fact>
        <Fact name={text.language}>{languages[card.language] ?? card.language}</Fact>
        <Fact name={text.size}>{format.bytes(card.bytes)}</Fact>
        <Fact name={text.reads}>{text.pieces(card.maxPieces)}</Fact>
        <Fact name={text.sha}>
          <span className="break-all font-mono text-11">{card.sha256}</span>
        </Fact>
        <Fact name={text.folder}>
          <span className="break-all">{card.folder}</span>
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="select-text">{children}</dd>
    </>
  );
}

function Readme({ text: readme }: { text: string | null }) {
  const text = useText().model.card;
  return (
    <section className="border-line border-t pt-4" data-testid="model-readme">
      {readme === null ? (
        <p className="text-12 text-muted">{text.silent}</p>
      ) : (
        <>
          <p className="pb-2 text-11 text-faint">{text.own}</p>
          <Markdown text={readme} />
        </>
      )}
    </section>
  );
}
