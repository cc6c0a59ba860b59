import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { SETTINGS_SECTIONS, type SettingsSection } from "../../router";
import { Frame } from "../../shell/Frame";
import { List, ListRow } from "../../widgets/List";
import { PanelHead } from "../../widgets/PanelHead";
import { QueryView } from "../../widgets/QueryView";
import { About } from "./About";
import { Account } from "./Account";
import { Appearance } from "./Appearance";
import { Network } from "./Network";
import { NewsCadence } from "./NewsCadence";
import { Sentiment } from "./Sentiment";
import { Updates } from "./Updates";

const route = getRouteApi("/settings");

/** How the program looks, whom it asks, and what it is. */
export function SettingsScreen() {
  const text = useText().settings;
  const navigate = useNavigate();
  const { section = "appearance" } = route.useSearch();
  const query = useQuery(queries.settings());
  const pages: Record<SettingsSection, ReactNode> = {
    appearance: <Appearance />,
    network: <Network />,
    news: <NewsCadence />,
    sentiment: <Sentiment />,
    account: <Account />,
    updates: <Updates />,
    about: <About />,
  };
  return (
    <Frame
      title={text.title}
      bar={<span className="text-15 font-semibold">{text.title}</span>}
      list={
        <>
          <PanelHead title={text.title} />
          <List label={text.title} className="py-1">
            {SETTINGS_SECTIONS.map((one) => (
              <ListRow
                key={one}
                current={one === section}
                data-testid={`section-${one}`}
                onClick={() => void navigate({ to: "/settings", search: { section: one }, replace: true })}
              >
                <span className="font-medium">{text.sections[one]}</span>
              </ListRow>
            ))}
          </List>
        </>
      }
    >
      <PanelHead title={text.sections[section]} />
      <div className="min-h-0 flex-1 overflow-y-auto px-6 pb-6">
        <div className="max-w-[640px]">
          <QueryView query={query}>{() => pages[section]}</QueryView>
        </div>
      </div>
    </Frame>
  );
}
