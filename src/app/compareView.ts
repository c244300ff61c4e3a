import { create } from "zustand";
import type { PictureKind } from "../protocol/pictures.ts";

/** What the comparison panel shows: one of its pictures, or the scoreboard. */
export type CompareView = "fields" | "differences" | "traces" | "rasters" | "scores";

export const useCompareView = create<{ view: CompareView }>(() => ({ view: "fields" }));

/** The picture of a view; null for the scoreboard. */
export function pictureOfView(view: CompareView): PictureKind | null {
  return view === "scores" ? null : `compare-${view}`;
}
