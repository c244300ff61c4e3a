import { type MethodGrid, methodGrid, shownMethod } from "../app/methodGrid.ts";
import { useMethodScores } from "../app/methodScores.ts";
import { usePositions } from "../app/positions.ts";
import { useResultVersion } from "../app/results.ts";
import { useView } from "../app/viewStore.ts";
import { useThrottledMotions } from "./useThrottledMotions.ts";

const UPDATE_EVERY_MS = 500;

/** The grid of methods with the key of the one that is shown; renders again when either changes. */
export function useMethodGrid(): MethodGrid & { shownKey: string | null } {
  useResultVersion("run");
  useResultVersion("spikes");
  usePositions();
  useMethodScores((state) => state.scores);
  useThrottledMotions(UPDATE_EVERY_MS);
  useView((state) => state.projectCorrected);
  const grid = methodGrid();
  return { ...grid, shownKey: shownMethod(grid)?.key ?? null };
}
