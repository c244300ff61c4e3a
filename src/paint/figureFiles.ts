import type { SpikeTable } from "../core/types.ts";
import { amplitudeUnitOf, type Sorting } from "../protocol/datasets.ts";
import type { StepResult } from "../protocol/methods.ts";
import { medicineFigures } from "./figures.ts";

/** The figures of a finished step as SVG files, for a run directory. `sorting` says what amplitudes are in where not in µV. */
export function stepFigureFiles(
  step: StepResult,
  spikes: SpikeTable,
  sorting?: Sorting,
): { name: string; bytes: Uint8Array }[] {
  if (step.method !== "medicine") return [];
  const encoder = new TextEncoder();
  const figures = medicineFigures(step, spikes, amplitudeUnitOf(sorting));
  return figures.map(({ name, svg }) => ({ name: `${name}.svg`, bytes: encoder.encode(svg) }));
}
