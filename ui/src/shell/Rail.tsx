import { Link } from "@tanstack/react-router";
import { CandlestickChart, Database, FlaskConical, Gauge, type LucideIcon, Newspaper, Settings } from "lucide-react";
import { useText } from "../i18n/text";
import { Tooltip } from "../widgets/Tooltip";
import { SCREENS, type ScreenName } from "./screens";

const ICON: Record<ScreenName, LucideIcon> = {
  chart: CandlestickChart,
  news: Newspaper,
  backtest: FlaskConical,
  data: Database,
  model: Gauge,
  settings: Settings,
};

/** The way between the screens. */
export function Rail() {
  const text = useText();
  return (
    <nav aria-label={text.shell.navigation} className="flex flex-col items-center gap-1 bg-panel py-2 [grid-area:rail]">
      {SCREENS.map((screen) => {
        const Icon = ICON[screen.name];
        return (
          <Tooltip key={screen.name} text={text.shell.screens[screen.name]} keys={screen.keys}>
            <Link
              to={screen.path}
              aria-label={text.shell.screens[screen.name]}
              data-testid={`nav-${screen.name}`}
              className={`grid size-8 place-items-center rounded-md text-faint transition-colors hover:bg-hover hover:text-fg data-[status=active]:bg-selected data-[status=active]:text-accent ${screen.name === "settings" ? "mt-auto" : ""}`}
            >
              <Icon className="size-[18px] stroke-[1.6]" aria-hidden />
            </Link>
          </Tooltip>
        );
      })}
    </nav>
  );
}
