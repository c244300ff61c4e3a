import { create } from "zustand";
import type { SpikeTable } from "../core/types.ts";
import type { MethodEvent, StepResult } from "../protocol/methods.ts";
import type { PlacedSpikes } from "../protocol/pictures.ts";
import { nameInTraining, nameOfLocalizer } from "./localizerNames.ts";
import { getResults } from "./results.ts";

/**
 * Whose positions the pictures show. A run leaves those of every localizer, and while it trains a network says where that
 * puts a sample of the spikes; the pictures follow it unless a person has chosen.
 */
export interface PositionsState {
  /** name of a localizer that a person chose; null for what is newest: the network that trains, else the table's own */
  chosen: string | null;
  /** where a network that is being trained puts spikes now; null when none is */
  live: { localizer: string; rows: Int32Array | null; xyza: Float32Array } | null;
}

export const usePositions = create<PositionsState>(() => ({ chosen: null, live: null }));

/** By name: [N, 4] x, y, z, α of the spikes on screen, of every step that ran; a later step's replace an earlier one's. */
export function knownPositions(
  outcomes: Readonly<Record<string, StepResult>> = getResults().outcomes,
  spikes: SpikeTable | null = getResults().spikes,
): Record<string, Float32Array> {
  const all = Object.assign({}, ...Object.values(outcomes).map((step) => step.locations ?? {})) as Record<
    string,
    Float32Array
  >;
  const fits = ([, xyza]: [string, Float32Array]) => spikes !== null && xyza.length === 4 * spikes.nSpikes;
  return Object.fromEntries(Object.entries(all).filter(fits));
}

/** Which of the known positions the table itself holds, by its first spikes that have a place; null when none is. */
export function ownPositions(known: Readonly<Record<string, Float32Array>>, spikes: SpikeTable | null): string | null {
  if (!spikes) return null;
  const rows = Array.from({ length: Math.min(200, spikes.nSpikes) }, (_, i) => i);
  const isSame = (xyza: Float32Array) =>
    rows.every((i) => Object.is(Math.fround(spikes.depthUm[i]), xyza[4 * i + 1])) &&
    rows.some((i) => Number.isFinite(spikes.depthUm[i]));
  return Object.keys(known).findLast((name) => isSame(known[name])) ?? null;
}

/** What the pictures are to show; null for the table's own positions. */
export function shownPositions(
  { chosen, live }: PositionsState = usePositions.getState(),
  known: Readonly<Record<string, Float32Array>> = knownPositions(),
  spikes: SpikeTable | null = getResults().spikes,
): PlacedSpikes | null {
  const full = chosen === null ? undefined : known[chosen];
  if (chosen !== null && full) return withAlpha({ name: nameOfLocalizer(chosen), rows: null, xyza: full }, known);
  if (!live) return ownWithAlpha(known, spikes);
  const name = nameInTraining(live.localizer);
  return withAlpha({ name, rows: live.rows, xyza: live.xyza }, known);
}

/** The table's own positions where those say no α and somebody else does: what a network of three outputs leaves behind. */
function ownWithAlpha(known: Readonly<Record<string, Float32Array>>, spikes: SpikeTable | null): PlacedSpikes | null {
  if (spikes?.alpha?.some(Number.isFinite)) return null;
  const own = ownPositions(known, spikes);
  if (own === null) return null;
  const xyza = known[own];
  const placed = withAlpha({ name: nameOfLocalizer(own), rows: null, xyza }, known);
  return placed.xyza === xyza ? null : placed;
}

/** filled-in places of each set, so that the same set is the same array */
const filledIn = new WeakMap<Float32Array, { teacher: Float32Array; xyza: Float32Array }>();

/** A network of three outputs says no α: that of the monopolar fit of the same spikes stands in for it. */
function withAlpha(placed: PlacedSpikes, known: Readonly<Record<string, Float32Array>>): PlacedSpikes {
  const { rows, xyza } = placed;
  const teacher = known.monopolar;
  const n = xyza.length / 4;
  if (!teacher) return placed;
  const before = filledIn.get(xyza);
  if (before?.teacher === teacher) return { ...placed, xyza: before.xyza };
  for (let i = 0; i < n; i++) if (Number.isFinite(xyza[4 * i + 3])) return placed;
  const filled = xyza.slice();
  for (let i = 0; i < n; i++) filled[4 * i + 3] = teacher[4 * (rows ? rows[i] : i) + 3];
  filledIn.set(xyza, { teacher, xyza: filled });
  return { ...placed, xyza: filled };
}

/** Show the positions of a localizer in every picture; null for the newest there are. */
export function choosePositions(name: string | null): void {
  usePositions.setState({ chosen: name });
}

/** What a running method says of the network it trains. */
export function takePositions({ localizer, rows, xyza }: Extract<MethodEvent, { kind: "positions" }>): void {
  usePositions.setState({ live: { localizer, rows, xyza } });
}

/** A job begins or has ended: no network is being trained. A choice that is of no use any more is forgotten when it begins. */
export function endLivePositions(): void {
  if (usePositions.getState().live) usePositions.setState({ live: null });
}
