import { asAppError, messageOf } from "../../core/errors.ts";
import type { SpikeTable } from "../../core/types.ts";
import type { MetricSeries, Provenance, Recipe, RunResult, StepResult } from "../../protocol/methods.ts";
import { type ByteSource, readJsonObject } from "../byteSource.ts";
import { readTable } from "../columns.ts";

/** Descriptions of a run directory and every table of positions in it. */
export interface SavedRunFiles {
  recipe: ByteSource;
  provenance?: ByteSource;
  metrics?: ByteSource;
  /** by localizer */
  locations: ReadonlyMap<string, ByteSource>;
}

/**
 * The run of a directory: recipe, provenance, what each step came to with its curves, and the positions of every localizer, which
 * stand with its first step. Arrays that a directory holds only in other forms (activity, waveforms) are not there. Null with a
 * warning when it cannot be read: the spikes are there all the same.
 */
export async function readSavedRun(
  files: SavedRunFiles,
  spikes: SpikeTable,
  warnings: string[],
): Promise<RunResult | null> {
  try {
    const recipe = recipeOf(await readJsonObject(files.recipe));
    const metrics = files.metrics ? await readJsonObject(files.metrics) : {};
    const steps = (Array.isArray(metrics.steps) ? metrics.steps : []).flatMap((step) => stepOf(step) ?? []);
    if (!recipe || steps.length === 0) return null;
    const locations = await readLocations(files.locations, spikes);
    // without its spikes a step leaves nothing that the next could start from
    const [first, ...others] = steps;
    const withPositions = Object.keys(locations).length > 0 ? [{ ...first, spikes, locations }, ...others] : steps;
    const provenance = provenanceOf(files.provenance ? await readJsonObject(files.provenance) : {}, recipe);
    return { recipe, steps: withPositions, provenance, log: [] };
  } catch (error) {
    if (!asAppError(error)) throw error;
    warnings.push(`${messageOf(error)} The spikes of this run were read without its curves.`);
    return null;
  }
}

async function readLocations(
  sources: ReadonlyMap<string, ByteSource>,
  { nSpikes }: SpikeTable,
): Promise<Record<string, Float32Array>> {
  const locations: Record<string, Float32Array> = {};
  for (const [id, source] of sources) {
    const { values, nRows, nColumns } = await readTable(source);
    if (nRows === nSpikes && nColumns === 4) locations[id] = Float32Array.from(values);
  }
  return locations;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function recipeOf({ driftscope, title, seed, steps }: Record<string, unknown>): Recipe | null {
  if (driftscope !== 1 || typeof seed !== "number" || !Array.isArray(steps)) return null;
  const whole = steps.flatMap((step) => {
    if (!isObject(step) || typeof step.method !== "string" || !isObject(step.params)) return [];
    const own = typeof step.seed === "number" ? { seed: step.seed } : {};
    return [{ method: step.method, params: step.params as Recipe["steps"][number]["params"], ...own }];
  });
  if (whole.length < steps.length) return null;
  return { driftscope: 1, title: typeof title === "string" ? title : "", seed, steps: whole };
}

function numbersIn(value: unknown): Record<string, number> {
  const entries = Object.entries(isObject(value) ? value : {});
  return Object.fromEntries(entries.flatMap(([name, one]) => (typeof one === "number" ? [[name, one] as const] : [])));
}

function stepOf(value: unknown): StepResult | null {
  if (!isObject(value) || typeof value.method !== "string") return null;
  const curves = Object.entries(isObject(value.curves) ? value.curves : {});
  const metrics = curves.flatMap(([name, curve]) => {
    const series = seriesOf(curve);
    return series ? [[name, series] as const] : [];
  });
  return {
    method: value.method,
    params: (isObject(value.params) ? value.params : {}) as StepResult["params"],
    stageSeconds: numbersIn(value.stageSeconds),
    metrics: Object.fromEntries(metrics),
    summary: numbersIn(value.summary),
    ...(isGate(value.gate) ? { gate: value.gate } : {}),
    complete: value.complete === true,
  };
}

/** JSON lacks NaN: it was written as null. */
function seriesOf(curve: unknown): MetricSeries | null {
  if (!isObject(curve) || !Array.isArray(curve.step) || !Array.isArray(curve.value)) return null;
  if (curve.step.length !== curve.value.length) return null;
  const number = (one: unknown) => (typeof one === "number" ? one : Number.NaN);
  return { step: Float64Array.from(curve.step, number), value: Float32Array.from(curve.value, number) };
}

function isGate(value: unknown): value is NonNullable<StepResult["gate"]> {
  return isObject(value) && typeof value.passed === "boolean" && Array.isArray(value.checks);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function provenanceOf(said: Record<string, unknown>, { seed }: Recipe): Provenance {
  const compute = isObject(said.compute) ? said.compute : {};
  const inputs = (Array.isArray(said.inputs) ? said.inputs : []).filter(isObject).map((input) => {
    return { path: text(input.path), bytes: Number(input.bytes) || 0, sha1OfFirstMb: text(input.sha1OfFirstMb) };
  });
  return {
    driftscope: text(said.driftscope),
    commit: text(said.commit),
    startedAt: text(said.startedAt),
    seed,
    compute: {
      mode: compute.mode === "webgpu" ? "webgpu" : "cpu",
      adapter: text(compute.adapter),
      threads: Number(compute.threads) || 0,
    },
    runtime: text(said.runtime),
    inputs,
    stageSeconds: numbersIn(said.stageSeconds),
    peakMemoryBytes: typeof said.peakMemoryBytes === "number" ? said.peakMemoryBytes : null,
    complete: said.complete === true,
  };
}
