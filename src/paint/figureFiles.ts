import type { SpikeTable } from "../core/types.ts";
import type { StepResult } from "../protocol/methods.ts";
import { medicineFigures } from "./figures.ts";

/** The figures of a finished step as SVG files, for a run directory. */
export function stepFigureFiles(step: StepResult, spikes: SpikeTable): { name: string; bytes: Uint8Array }[] {
  if (step.method !== "medicine") return [];
  const encoder = new TextEncoder();
  return medicineFigures(step, spikes).map(({ name, svg }) => ({ name: `${name}.svg`, bytes: encoder.encode(svg) }));
}
