// Marks stories as read and as unread again.
import { answer, commands } from "../../backend/client";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { showNote } from "../../widgets/toast";
import type { Story } from "./story";

export interface Reading {
  /** Opening a story reads it, with all its reports. */
  open: (story: Story) => void;
  toggle: (story: Story) => void;
  /** With a way back. */
  readAll: (stories: readonly Story[]) => void;
}

const idsOf = (stories: readonly Story[], read: boolean) =>
  stories.flatMap(({ reports }) => reports.filter((report) => report.read === read).map(({ id }) => id));

export function useReading(): Reading {
  const text = useText().news;
  const { mutate } = useCommand(({ ids, read }: { ids: number[]; read: boolean }) =>
    answer(commands.markRead(ids, read)),
  );
  const mark = (ids: number[], read: boolean) => {
    if (ids.length > 0) mutate({ ids, read });
  };
  return {
    open: (story) => mark(idsOf([story], false), true),
    toggle: (story) => (story.unread > 0 ? mark(idsOf([story], false), true) : mark(idsOf([story], true), false)),
    readAll: (stories) => {
      const ids = idsOf(stories, false);
      if (ids.length === 0) return;
      mark(ids, true);
      const unread = stories.filter((story) => story.unread > 0).length;
      showNote(text.allRead(unread), { label: text.undo, onClick: () => mark(ids, false) });
    },
  };
}
