import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ModelCardDto, ModelLineDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { openExternal } from "../../shell/useExternalLinks";
import { useFormat } from "../../useFormat";
import { Markdown } from "../../widgets/Markdown";
import { QueryView } from "../../widgets/QueryView";
import { Skeleton } from "../../widgets/Skeleton";
import { ModelActions } from "./ModelActions";
import { ScoresPanel } from "./ScoresPanel";

/** What a model is, what can be done with it, and what its makers measured. */
export function CardPage({ model }: { model: ModelLineDto }) {
  const text = useText().model.card;
  const here = model.status.state === "installed";
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-4 py-4" data-testid="model-card">
      <div className="grid max-w-[760px] gap-4">
        <header className="grid gap-1">
          <h2 className="text-20 font-semibold">{model.title}</h2>
          {model.about !== null && <p className="text-12 text-muted">{model.about}</p>}
        </header>
        {model.status.state === "refused" && (
          <p role="alert" className="text-12 text-warn" data-testid="model-refused">
            {text.refused(model.status.reason)}
          </p>
        )}
        <ModelActions key={model.id} model={model} />
        {here ? <Installed id={model.id} /> : <Facts model={model} card={null} />}
      </div>
    </div>
  );
}

function Installed({ id }: { id: string }) {
  const lines = useQuery(queries.models()).data;
  const query = useQuery(queries.modelCard(id));
  const model = lines?.find((one) => one.id === id);
  return (
    <QueryView query={query} loading={<Skeleton rows={14} />}>
      {(card) => (
        <>
          {model && <Facts model={model} card={card} />}
          {model?.current && <ScoresPanel />}
          <Readme text={card.readme} />
        </>
      )}
    </QueryView>
  );
}

function Facts({ model, card }: { model: ModelLineDto; card: ModelCardDto | null }) {
  const text = useText().model.card;
  const format = useFormat();
  const languages: Record<string, string> = text.languages;
  const { licenceSource } = model;
  return (
    <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-6 gap-y-1.5 text-12">
      <Fact name={text.id}>{model.id}</Fact>
      <Fact name={text.licence}>
        {model.licence}
        {licenceSource !== null && (
          <>
            {" "}
            <button
              type="button"
              className="text-accent underline-offset-2 hover:underline"
              onClick={() => openExternal(licenceSource)}
            >
              {text.stated}
            </button>
          </>
        )}
      </Fact>
      <Fact name={text.language}>{languages[model.language] ?? model.language}</Fact>
      <Fact name={text.size}>{card ? format.bytes(card.bytes) : text.about(format.bytes(model.bytes))}</Fact>
      {card && (
        <>
          <Fact name={text.reads}>{text.pieces(card.maxPieces)}</Fact>
          <Fact name={text.sha}>
            <span className="break-all font-mono text-11">{card.sha256}</span>
          </Fact>
          <Fact name={text.folder}>
            <span className="break-all">{card.folder}</span>
          </Fact>
        </>
      )}
    </dl>
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
