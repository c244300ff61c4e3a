import type { BrushedSpikes, BrushHow } from "./brush.ts";
import type { UnitInfo } from "./datasets.ts";

/** A unit of the spikes on screen, as lists show it. */
export interface UnitRow extends UnitInfo {
  /** µm, median depth of its spikes where the table has them */
  depthUm: number;
  /** what it is drawn in on dark and on light ground, "#rrggbb" */
  colour: { dark: string; light: string };
}

/** How far one unit moves, and what the motion on screen leaves of that. Lengths in µm. */
export interface UnitDriftNumbers {
  unit: number;
  nSpikes: number;
  /** median of the places on screen */
  depthUm: number;
  /** null where it has too few spikes for a course */
  course: UnitCourse | null;
}

export interface UnitCourse {
  /** medians over time */
  nBins: number;
  /** 5th to 95th percentile of the running median, and its standard deviation */
  rangeUm: number;
  rmsUm: number;
  /** what the scatter of the spikes alone would make of that range */
  scatterUm: number;
  /** the same after correction by the motion on screen; null while there is none */
  corrected: { rangeUm: number; rmsUm: number; scatterUm: number } | null;
  /** of the running median with the motion at the unit; NaN where there is none or either stands still */
  r: number;
  /** µm that the unit moves per µm of motion */
  gain: number;
}

/** How far every unit moves that has spikes enough for a course, in no order; µm. */
export interface UnitDrifts {
  unit: number[];
  /** 5th to 95th percentile of the running median */
  rangeUm: number[];
  /** the same after correction by the motion on screen, and what scatter alone would make of it; null while there is none */
  corrected: { rangeUm: number[]; scatterUm: number[] } | null;
}

/** What the paint worker is asked about units. */
export interface UnitApi {
  /** Units of the spikes, from the tip of the probe upwards; none where the spikes are not sorted. */
  units(): Promise<UnitRow[]>;
  /** Brush all spikes of some units. */
  brushUnits(units: readonly number[], how: BrushHow): Promise<BrushedSpikes | null>;
  /** How far a unit moves at the places on screen; null where there is no such unit. */
  unitDrift(unit: number): Promise<UnitDriftNumbers | null>;
  /** The same of all units, a few at a time so that pictures are drawn in between; null where spikes or motion changed meanwhile. */
  unitDrifts(): Promise<UnitDrifts | null>;
}
