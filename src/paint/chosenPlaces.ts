import { correctLateral } from "../core/motion.ts";
import type { Motion, SpikeTable } from "../core/types.ts";
import { ACTIVE_MOTION, type PlaceChoice, SHOWN_SET, TABLE_SET } from "../protocol/pictures.ts";
import { correctedDepths } from "./correctedDepths.ts";
import type { PaintData } from "./pictureData.ts";

/** Places of all spikes, by choice. Columns have one entry per row of the table, NaN where a spike has no place. */
export interface ChosenPlaces {
  /** whose they are and what they are corrected by, in words */
  title: string;
  /** the same in few words: nothing is said of what is as recorded */
  short: string;
  xUm: ArrayLike<number>;
  depthUm: Float64Array;
  /** null where no spike has a distance from the probe */
  zUm: ArrayLike<number> | null;
  isCorrected: boolean;
  /** the same spikes as recorded */
  table: SpikeTable;
}

/** Why there are none, as a sentence. */
export interface Missing {
  missing: string;
}

export function isMissing<T extends object>(found: T | Missing): found is Missing {
  return "missing" in found;
}

/**
 * The places that a choice means. A motion that is gone corrects nothing, and the title says so. Columns are the same arrays as
 * long as positions and motion are, and others afterwards, so that what is made of them can be kept by them. (`data.corrected`
 * is filled anew in place instead.)
 */
export function chosenPlaces(data: PaintData, choice: PlaceChoice): ChosenPlaces | Missing {
  const table = tableOf(data, choice);
  if (isMissing(table)) return table;
  const { xUm, depthUm } = table;
  if (!xUm) return { missing: `The positions “${choice.name}” are depths alone: choose others, or run a localizer.` };
  const zUm = hasDistance(table) ? (table.zUm ?? null) : null;
  const by = motionOf(data, choice.motion);
  const { name } = choice;
  if (!by) return { title: `${name}, as recorded`, short: name, xUm, depthUm, zUm, isCorrected: false, table };
  const short = `${name}, corrected`;
  const title = `${short}${by.title ? ` by ${by.title}` : ""}`;
  return {
    title,
    short,
    xUm: lateralWithout(table, xUm, by.motion),
    depthUm: depthsWithout(table, by.motion),
    zUm,
    isCorrected: true,
    table,
  };
}

const ofOthers = new WeakMap<Float32Array, SpikeTable>();

/** The table of spikes with the places of a set in the place of its own. */
export function tableOf(data: PaintData, { set, name }: Pick<PlaceChoice, "set" | "name">): SpikeTable | Missing {
  const { spikes, ownPlaces, otherPlaces } = data;
  if (!spikes || !ownPlaces) return { missing: "Open spikes, or find some in a recording, to see where they are." };
  if (set === SHOWN_SET) return spikes.spikes;
  const table = ownPlaces.spikes;
  if (set === TABLE_SET) return table;
  const xyza = otherPlaces.find((one) => one.set === set)?.xyza;
  if (xyza?.length !== 4 * table.nSpikes)
    return { missing: `The positions “${name}” are not there for these spikes: choose others, or run the step again.` };
  const known = ofOthers.get(xyza);
  if (known?.timeSec === table.timeSec) return known;
  const column = (k: number) => {
    const values = new Float64Array(table.nSpikes);
    for (let i = 0; i < values.length; i++) values[i] = xyza[4 * i + k];
    return values;
  };
  const placed = { ...table, xUm: column(0), depthUm: column(1), zUm: column(2) };
  ofOthers.set(xyza, placed);
  return placed;
}

const distances = new WeakMap<Float64Array, boolean>();

function hasDistance({ zUm }: SpikeTable): boolean {
  if (!zUm) return false;
  const known = distances.get(zUm) ?? zUm.some(Number.isFinite);
  distances.set(zUm, known);
  return known;
}

function motionOf({ motion, motions }: PaintData, id: string | null): { motion: Motion; title: string } | null {
  if (id === null) return null;
  const drawn = motions.find((one) => (id === ACTIVE_MOTION ? one.isActive : one.id === id));
  if (drawn) return drawn;
  // an active motion that is not shown has no title here
  return id === ACTIVE_MOTION && motion ? { motion, title: "" } : null;
}

/** What is computed of a column by a motion, for the motion that asked last. */
type ByMotion = WeakMap<Float64Array, { motion: Motion; values: Float64Array }>;
const depthsBy: ByMotion = new WeakMap();
const lateralBy: ByMotion = new WeakMap();

function remembered(store: ByMotion, column: Float64Array, motion: Motion, compute: () => Float64Array): Float64Array {
  const known = store.get(column);
  if (known?.motion === motion) return known.values;
  const values = compute();
  store.set(column, { motion, values });
  return values;
}

function depthsWithout(table: SpikeTable, motion: Motion): Float64Array {
  return remembered(depthsBy, table.depthUm, motion, () => correctedDepths(table, motion).upTo(0, table.nSpikes));
}

function lateralWithout({ timeSec }: SpikeTable, xUm: Float64Array, motion: Motion): Float64Array {
  if (!motion.lateralUm) return xUm;
  return remembered(lateralBy, xUm, motion, () => correctLateral(motion, timeSec, xUm));
}
