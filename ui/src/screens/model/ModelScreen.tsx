import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { MODEL_PAGES, type ModelPage } from "../../router";
import { Frame } from "../../shell/Frame";
import { Tabs } from "../../widgets/Tabs";
import { CardPage } from "./CardPage";
import { EvaluationPage } from "./EvaluationPage";
import { StudyPage } from "./StudyPage";

const route = getRouteApi("/model");

/** What the sentiment model is, how often it is right, and whether prices follow what it says. */
export function ModelScreen() {
  const text = useText().model;
  const navigate = useNavigate();
  const { page = "card", series = null } = route.useSearch();
  const card = useQuery(queries.modelCard());
  const pages: Record<ModelPage, () => React.ReactNode> = {
    card: () => <CardPage />,
    check: () => <EvaluationPage />,
    prices: () => (
      <StudyPage
        series={series}
        onSeries={(id) => void navigate({ to: "/model", search: { page: "prices", series: id }, replace: true })}
      />
    ),
  };
  return (
    <Frame
      title={text.title}
      bar={
        <>
          <span className="text-15 font-semibold">{text.title}</span>
          {card.data && <span className="hidden truncate text-12 text-faint wide:inline">{card.data.title}</span>}
        </>
      }
    >
      <Tabs
        label={text.title}
        value={page}
        onChange={(next) => void navigate({ to: "/model", search: (now) => ({ ...now, page: next }), replace: true })}
        tabs={MODEL_PAGES.map((one) => ({
          value: one,
          label: <span data-testid={`model-page-${one}`}>{text.pages[one]}</span>,
          content: pages[one](),
        }))}
      />
    </Frame>
  );
}
