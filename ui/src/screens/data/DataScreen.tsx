import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Database, Download, FileUp } from "lucide-react";
import { useState } from "react";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { Frame } from "../../shell/Frame";
import { openFetch, openImport } from "../../shell/windowState";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { EmptyState } from "../../widgets/EmptyState";
import { PanelHead } from "../../widgets/PanelHead";
import { QueryView } from "../../widgets/QueryView";
import { FilterList } from "./FilterList";
import { type Filter, matches } from "./filter";
import { SeriesDetail } from "./SeriesDetail";
import { SeriesTable } from "./SeriesTable";

const route = getRouteApi("/data");

/** What is stored, where it comes from, and what is missing. */
export function DataScreen() {
  const text = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const query = useQuery(queries.series());
  const { series: chosen } = route.useSearch();
  const [filter, setFilter] = useState<Filter>("all");
  const all = query.data ?? [];
  const shown = all.filter((one) => matches(one, filter));
  const selected = all.find((one) => one.id === chosen) ?? null;
  const candles = all.reduce((sum, one) => sum + one.rows, 0);
  return (
    <Frame
      title={text.data.title}
      bar={
        <>
          <span className="text-15 font-semibold">{text.data.title}</span>
          <span className="hidden truncate text-12 text-faint wide:inline">
            {text.data.summary(all.length, format.count(candles))}
          </span>
          <Button kind="primary" icon={<Download />} onClick={() => openFetch()} data-testid="fetch-button">
            {text.data.fetch}
          </Button>
          <Button icon={<FileUp />} onClick={openImport} data-testid="import-button">
            {text.data.import}
          </Button>
        </>
      }
      list={<FilterList all={all} filter={filter} onFilter={setFilter} />}
      inspector={
        selected ? (
          <SeriesDetail key={selected.id} series={selected} />
        ) : (
          <p className="p-6 text-center text-12 text-faint">{text.data.detail.none}</p>
        )
      }
    >
      <QueryView query={query}>
        {() =>
          all.length === 0 ? (
            <EmptyState
              icon={<Database />}
              title={text.data.empty.title}
              body={text.data.empty.body}
              actions={
                <>
                  <Button kind="primary" icon={<Download />} onClick={() => openFetch()}>
                    {text.data.fetch}
                  </Button>
                  <Button icon={<FileUp />} onClick={openImport}>
                    {text.data.import}
                  </Button>
                </>
              }
            />
          ) : shown.length === 0 ? (
            <EmptyState title={text.data.emptyFilter} />
          ) : (
            <>
              <PanelHead title={text.data.filters[filter]} aside={format.count(shown.length)} />
              <SeriesTable
                rows={shown}
                selected={selected?.id ?? null}
                onSelect={(series) => void navigate({ to: "/data", search: { series: series.id }, replace: true })}
                onOpen={(series) => void navigate({ to: "/chart", search: { series: series.id } })}
              />
            </>
          )
        }
      </QueryView>
    </Frame>
  );
}
