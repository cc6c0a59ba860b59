import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { MODEL_PAGES, type ModelPage, type ModelSearch } from "../../router";
import { Frame } from "../../shell/Frame";
import { QueryView } from "../../widgets/QueryView";
import { Tabs } from "../../widgets/Tabs";
import { CardPage } from "./CardPage";
import { EvaluationPage } from "./EvaluationPage";
import { ModelList } from "./ModelList";
import { StudyPage } from "./StudyPage";

const route = getRouteApi("/model");

/** Which sentiment models there are, how often the current one is right, and whether prices follow what it says. */
export function ModelScreen() {
  const text = useText().model;
  const navigate = useNavigate();
  const { page = "card", series = null, model: chosen = null } = route.useSearch();
  const query = useQuery(queries.models());
  const models = query.data ?? [];
  const current = models.find((one) => one.current) ?? models[0] ?? null;
  const shown = models.find(({ id }) => id === chosen) ?? current;
  const goTo = (next: ModelSearch) =>
    void navigate({ to: "/model", search: (now) => ({ ...now, ...next }), replace: true });
  const pages: Record<ModelPage, ReactNode> = {
    card: <QueryView query={query}>{() => shown && <CardPage model={shown} />}</QueryView>,
    check: <EvaluationPage />,
    prices: <StudyPage series={series} onSeries={(id) => goTo({ page: "prices", series: id })} />,
  };
  return (
    <Frame
      title={text.title}
      bar={
        <>
          <span className="text-15 font-semibold">{text.title}</span>
          {current && (
            <span className="hidden truncate text-12 text-faint wide:inline">{text.scores(current.title)}</span>
          )}
        </>
      }
      list={
        <ModelList
          models={models}
          selected={page === "card" ? (shown?.id ?? null) : null}
          onSelect={(model) => goTo({ page: "card", model })}
        />
      }
    >
      <Tabs
        label={text.title}
        value={page}
        onChange={(next) => goTo({ page: next })}
        tabs={MODEL_PAGES.map((one) => ({
          value: one,
          label: <span data-testid={`model-page-${one}`}>{text.pages[one]}</span>,
          content: one === page ? pages[one] : null,
        }))}
      />
    </Frame>
  );
}
