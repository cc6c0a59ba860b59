// Which stories were opened, remembered by the window.
import { create } from "zustand";
import { persist } from "zustand/middleware";

/** The oldest are forgotten first. */
const MOST_REMEMBERED = 2_000;

interface ReadStories {
  ids: number[];
  markRead(id: number): void;
}

export const useReadStories = create<ReadStories>()(
  persist(
    (set) => ({
      ids: [],
      markRead: (id) => set(({ ids }) => (ids.includes(id) ? {} : { ids: [id, ...ids].slice(0, MOST_REMEMBERED) })),
    }),
    { name: "promptpal.read-stories", version: 1 },
  ),
);
