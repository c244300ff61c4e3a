import { correctDepths } from "../core/motion.ts";
import { type UnitDrift, unitDrift } from "../core/unitDrift.ts";
import { rowsOfSlot, slotOfUnit } from "../core/unitIndex.ts";
import type { PaintData } from "./pictureData.ts";
import { unitIndexOf } from "./unitColours.ts";

/** The spikes of one unit at the places on screen; those without a place are left out. */
export interface UnitSpikes {
  unit: number;
  /** [n] of the table, ascending */
  rows: Int32Array;
  timeSec: Float64Array;
  depthUm: Float64Array;
  /** [n] µm after the motion on screen; null while there is none */
  correctedUm: Float64Array | null;
  /** null where it has too few spikes */
  drift: UnitDrift | null;
}

/** Null where the spikes have no such unit. Takes the time that its own spikes need, however many others there are. */
export function unitSpikes({ spikes, ownPlaces, motion }: PaintData, unit: number): UnitSpikes | null {
  const index = spikes && unitIndexOf((ownPlaces ?? spikes).spikes);
  const slot = index ? slotOfUnit(index, unit) : 0;
  if (!index || !spikes || slot === 0) return null;
  const table = spikes.spikes;
  const rows = rowsOfSlot(index, slot).filter((row) => Number.isFinite(table.depthUm[row]));
  const timeSec = Float64Array.from(rows, (row) => table.timeSec[row]);
  const depthUm = Float64Array.from(rows, (row) => table.depthUm[row]);
  const { shank } = table;
  const shanks = shank && Int32Array.from(rows, (row) => shank[row]);
  const correctedUm = motion && correctDepths(motion, timeSec, depthUm, shanks);
  return { unit, rows, timeSec, depthUm, correctedUm, drift: unitDrift(timeSec, depthUm, correctedUm) };
}
