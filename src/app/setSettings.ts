import { choosePositions, usePositions } from "./positions.ts";
import type { Drafts } from "./recipeForm.ts";
import { useRun } from "./runStore.ts";
import { selectRow } from "./selection.ts";
import { useTraces } from "./traces.ts";
import { useView, type ViewState } from "./viewStore.ts";

/** How a person looks at a data set and what the forms say: small, plain JSON, so that it can be kept at every change. */
export interface SetSettings {
  drafts: Record<string, Drafts>;
  seedText: string;
  motionMethod: string | null;
  networks: boolean;
  positions: string | null;
  /** the view but for what is of the moment */
  view: Partial<ViewState>;
  /** row of the selected spike */
  selectedRow: number | null;
  windowMs: number;
}

/** Of the moment, of the person rather than of the data, or of another store. */
const NOT_KEPT: readonly (keyof ViewState)[] = ["cursorTimeSec", "cursorDepthUm", "selected", "editing", "theme"];

function isPlain(value: unknown): boolean {
  if (ArrayBuffer.isView(value) || typeof value === "function") return false;
  return typeof value !== "object" || value === null || Object.values(value).every(isPlain);
}

export function takeSettings(): SetSettings {
  const { drafts, seedText, motionMethod, networks } = useRun.getState();
  const view = useView.getState();
  const kept = Object.entries(view).filter(([key, value]) => !NOT_KEPT.some((one) => one === key) && isPlain(value));
  return {
    drafts,
    seedText,
    motionMethod,
    networks,
    positions: usePositions.getState().chosen,
    view: Object.fromEntries(kept) as Partial<ViewState>,
    selectedRow: view.selected?.index ?? null,
    windowMs: useTraces.getState().windowMs,
  };
}

/** Look at the data that are on screen as one did, and select the spike again. */
export function putSettings(settings: SetSettings): void {
  const { drafts, seedText, motionMethod, networks, positions, view, selectedRow, windowMs } = settings;
  useRun.setState({ drafts, seedText, motionMethod, networks });
  useTraces.setState({ windowMs });
  choosePositions(positions);
  useView.setState({ ...view, cursorTimeSec: null, cursorDepthUm: null });
  if (selectedRow !== null) void selectRow(selectedRow, view.selectedChannel ?? null);
}
