import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { Plus } from "lucide-react";
import type { SourceDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { Ago } from "../../widgets/Ago";
import { IconButton } from "../../widgets/Button";
import { List, ListRow } from "../../widgets/List";
import { PanelHead } from "../../widgets/PanelHead";
import { QueryView } from "../../widgets/QueryView";
import { SourceLists } from "./SourceLists";
import { SourceMenu } from "./SourceMenu";
import { type Health, healthOf, reasonOf } from "./sourceHealth";

const DOT: Record<Health, string> = {
  ok: "bg-faint",
  failing: "bg-warn",
  paused: "border border-edge",
  waiting: "border border-faint",
};

interface SourceListProps {
  current: number | null;
  onChoose: (id: number | null) => void;
  onAdd: () => void;
}

/** Where the stories come from, and how each source does. */
export function SourceList({ current, onChoose, onAdd }: SourceListProps) {
  const text = useText().news.sources;
  const query = useQuery(queries.sources());
  const on = query.data?.filter((source) => source.enabled).length;
  return (
    <div className="flex min-h-40 flex-1 flex-col border-line border-t">
      <PanelHead title={text.title} aside={on === undefined ? "" : text.on(on)}>
        <SourceLists />
        <IconButton label={text.add} onClick={onAdd} className="size-6">
          <Plus />
        </IconButton>
      </PanelHead>
      <QueryView query={query}>
        {(sources) =>
          sources.length === 0 ? (
            <p className="p-3 text-12 text-faint">{text.none}</p>
          ) : (
            <List label={text.title} className="flex-1 py-1" testId="source-list">
              {sources.map((source) => (
                <SourceRow
                  key={source.id}
                  source={source}
                  current={source.id === current}
                  onChoose={() => onChoose(source.id === current ? null : source.id)}
                />
              ))}
            </List>
          )
        }
      </QueryView>
    </div>
  );
}

function SourceRow({ source, current, onChoose }: { source: SourceDto; current: boolean; onChoose: () => void }) {
  const text = useText().news.sources;
  const health = healthOf(source);
  return (
    <ListRow
      current={current}
      columns="6px minmax(0,1fr) auto"
      className="gap-2 pr-8"
      onClick={onChoose}
      data-testid="source-row"
      data-health={health}
      extra={<SourceMenu source={source} />}
    >
      <span role="img" aria-label={text.states[health]} className={clsx("size-1.5 rounded-full", DOT[health])} />
      <span className={clsx("truncate font-medium", health === "paused" && "text-faint")} title={source.title}>
        {source.title}
      </span>
      <span className={clsx("text-11", health === "failing" ? "text-warn" : "text-faint")}>
        <ShortHealth source={source} health={health} />
      </span>
    </ListRow>
  );
}

/** Its state in a word, or when it was read. */
function ShortHealth({ source, health }: { source: SourceDto; health: Health }) {
  const text = useText().news.sources;
  if (health === "paused") return text.paused;
  if (health === "failing") return text.reasonsShort[reasonOf(source) ?? "other"];
  return source.lastFetch === null ? text.never : <Ago at={source.lastFetch} />;
}
