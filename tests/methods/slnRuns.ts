import { Random } from "../../src/core/random.ts";
import { openSources, openWaveforms } from "../../src/io/open.ts";
import { memoryScratch } from "../../src/io/scratch/memoryScratch.ts";
import {
  checkParams,
  type Method,
  type MethodInputs,
  type MethodResult,
  type Yielded,
} from "../../src/methods/defineMethod.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";
import { type SyntheticSln, syntheticSln } from "../cases/slnFolder.ts";
import { sourcesOf } from "../io/support.ts";

/** Imported waveforms of point sources, and a teacher that scatters around the truth and gives up on every 50th. */
export interface TaughtSpikes {
  inputs: MethodInputs;
  truthUm: Float64Array;
}

const scatterUm = 8;

export async function taughtSpikes(nSpikes: number, sln?: SyntheticSln): Promise<TaughtSpikes> {
  const { files, truthUm } = sln ?? syntheticSln("distance", nSpikes);
  const sources = sourcesOf(files);
  const opened = (await openSources(sources))[0];
  if (opened.kind !== "spikes") throw new Error("the folder holds spikes");
  const waveforms = (await openWaveforms(sources))!;
  const random = new Random(5);
  const monopolar = new Float32Array(4 * nSpikes);
  for (let i = 0; i < nSpikes; i++) {
    const [x, y, z] = truthUm.subarray(3 * i, 3 * i + 3);
    const noise = () => scatterUm * random.normal();
    monopolar.set([x + noise(), y + noise(), Math.max(1.5, z + noise()), 4000], 4 * i);
    if (i % 50 === 49) monopolar.fill(Number.NaN, 4 * i, 4 * i + 4);
  }
  const inputs = { spikes: opened.spikes, recording: null, waveforms, locations: { monopolar } };
  return { inputs: { ...inputs, scratch: memoryScratch() }, truthUm };
}

export interface SlnRun {
  result: MethodResult;
  events: Yielded[];
}

interface SlnSettings {
  seed?: number;
  resume?: boolean;
  /** sees every event and may stop the run */
  onEvent?(event: Yielded, stop: () => void): void;
}

/** A method over inputs, as the runner drives it. */
export async function runMethod(
  method: Method,
  inputs: MethodInputs,
  params: ParamValues,
  { seed = 0, resume = false, onEvent }: SlnSettings = {},
): Promise<SlnRun> {
  const controller = new AbortController();
  const context = { seed, signal: controller.signal, wantsImage: () => false, resume };
  const run = method.run(inputs, checkParams(method, params), context);
  const events: Yielded[] = [];
  for (;;) {
    const next = await run.next();
    if (next.done) return { events, result: next.value as MethodResult };
    events.push(next.value);
    onEvent?.(next.value, () => controller.abort());
  }
}

/** Root mean square distance from the truth per axis, of the rows asked for. */
export function rmsUm(locations: ArrayLike<number>, truthUm: Float64Array, rows: readonly number[]): number[] {
  return [0, 1, 2].map((axis) =>
    Math.sqrt(rows.reduce((sum, n) => sum + (locations[4 * n + axis] - truthUm[3 * n + axis]) ** 2, 0) / rows.length),
  );
}
