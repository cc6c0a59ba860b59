import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { Search } from "lucide-react";
import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import { queries } from "../backend/queries";
import { useText } from "../i18n/text";
import { usePreferences } from "../preferences";
import { Keys } from "../widgets/Keys";
import { groupBySymbol, intervalMs, matchScore, preferredSeries } from "./paletteItems";
import { SCREENS } from "./screens";
import { useGlobalActions } from "./useGlobalActions";
import { closePalette, openPalette, useWindowState } from "./windowState";

function Item({
  value,
  onSelect,
  children,
  aside,
}: {
  value: string;
  onSelect: () => void;
  children: ReactNode;
  aside?: ReactNode;
}) {
  return (
    <Command.Item
      value={value}
      onSelect={() => {
        closePalette();
        onSelect();
      }}
      className="flex h-8 items-center gap-2 rounded-sm px-2 text-13 data-[selected=true]:bg-hover"
    >
      <span className="truncate">{children}</span>
      {aside !== undefined && <span className="ml-auto shrink-0 pl-4 text-12 text-faint">{aside}</span>}
    </Command.Item>
  );
}

const GROUP =
  "[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-11 [&_[cmdk-group-heading]]:text-faint";

/** Symbols, screens and actions under one key. */
export function Palette() {
  const text = useText();
  const { open, text: typed } = useWindowState((state) => state.palette);
  const screenActions = useWindowState((state) => state.screenActions);
  const actions = useGlobalActions();
  const navigate = useNavigate();
  const lastSeries = usePreferences((state) => state.lastSeries);
  const groups = groupBySymbol(useQuery(queries.series()).data ?? []);
  const current = groups.find((group) => group.series.some((one) => one.id === lastSeries));
  const interval = current?.series.find((one) => one.id === lastSeries)?.interval;
  const openSeries = (series: number | undefined) =>
    void navigate({ to: "/chart", search: series === undefined ? {} : { series } });
  return (
    <Dialog.Root open={open} onOpenChange={(next) => (next ? openPalette() : closePalette())}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Dialog.Content
          aria-describedby={undefined}
          data-testid="palette"
          className="fixed top-[12vh] left-1/2 z-40 w-[calc(100vw-48px)] max-w-[560px] -translate-x-1/2 overflow-hidden rounded-md bg-panel shadow-float focus:outline-none"
        >
          <Dialog.Title className="sr-only">{text.shell.palette.title}</Dialog.Title>
          <Command label={text.shell.palette.title} filter={matchScore} loop>
            <div className="flex h-11 items-center gap-2 border-line border-b px-3">
              <Search className="size-4 text-faint" aria-hidden />
              <Command.Input
                value={typed}
                onValueChange={openPalette}
                placeholder={text.shell.search}
                className="h-full flex-1 bg-transparent text-15 outline-none"
              />
              <Keys of="Esc" />
            </div>
            <Command.List className="max-h-[52vh] overflow-y-auto p-1">
              <Command.Empty className="p-6 text-center text-12 text-muted">{text.shell.searchEmpty}</Command.Empty>
              {current && current.series.length > 1 && (
                <Command.Group heading={`${text.chart.intervals} · ${current.symbol}`} className={GROUP}>
                  {current.series.map((one) => (
                    <Item
                      key={one.id}
                      value={`${one.interval} ${text.shell.palette.interval(one.interval)}`}
                      onSelect={() => openSeries(one.id)}
                    >
                      {text.shell.palette.interval(one.interval)}
                    </Item>
                  ))}
                </Command.Group>
              )}
              <Command.Group heading={text.shell.palette.symbols} className={GROUP}>
                {groups.map((group) => (
                  <Item
                    key={group.key}
                    value={`${group.symbol} ${group.venue}`}
                    onSelect={() => openSeries(preferredSeries(group, interval)?.id)}
                    aside={`${group.venue} · ${group.series
                      .map((one) => one.interval)
                      .toSorted((a, b) => intervalMs(a) - intervalMs(b))
                      .join(" ")}`}
                  >
                    {group.symbol}
                  </Item>
                ))}
              </Command.Group>
              <Command.Group heading={text.shell.palette.screens} className={GROUP}>
                {SCREENS.map((screen) => (
                  <Item
                    key={screen.name}
                    value={text.shell.screens[screen.name]}
                    onSelect={() => void navigate({ to: screen.path })}
                    aside={<Keys of={screen.keys} />}
                  >
                    {text.shell.screens[screen.name]}
                  </Item>
                ))}
              </Command.Group>
              <Command.Group heading={text.shell.palette.actions} className={GROUP}>
                {[...screenActions, ...actions].map((action) => (
                  <Item
                    key={action.id}
                    value={action.label}
                    onSelect={action.run}
                    aside={action.keys && <Keys of={action.keys} />}
                  >
                    {action.label}
                  </Item>
                ))}
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
