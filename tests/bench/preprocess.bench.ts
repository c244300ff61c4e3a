import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { globalGroups, localGroups } from "../../src/core/commonReference.ts";
import { Random } from "../../src/core/random.ts";
import { type PreprocessOptions, Preprocessor } from "../../src/methods/preprocess/preprocessor.ts";
import { commonReference } from "../../src/ops/commonReference.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { spectralFilter } from "../../src/ops/spectralFilter.ts";
import { memoryRecording } from "../methods/memoryRecording.ts";

export interface PreprocessBenchRow {
  what: string;
  /** seconds of recording per second */
  timesRealTime: number;
}

const nChannels = 384;
const rateHz = 30000;
const nRepeats = 5;

/** Four seconds of noise on 384 channels and a sync word. */
function noise(): Int16Array {
  const random = new Random(1);
  const period = Int16Array.from({ length: 65_537 }, () => Math.round(8 * random.normal()));
  return Int16Array.from({ length: 4 * rateHz * (nChannels + 1) }, (_, i) => period[i % period.length]);
}

async function timesRealTime(nRows: number, work: () => Promise<unknown>): Promise<number> {
  await work(); // the first run compiles and makes room
  const rates: number[] = [];
  for (let i = 0; i < nRepeats; i++) {
    const started = performance.now();
    await work();
    rates.push(nRows / rateHz / ((performance.now() - started) / 1000));
  }
  return rates.sort((a, b) => a - b)[(nRepeats - 1) / 2];
}

/** Preprocessing in CPU mode, 384 channels at 30 kHz: stage by stage and whole, medians of five. Prints nothing. */
export async function preprocessBench(): Promise<{ rows: PreprocessBenchRow[]; threads: number }> {
  const { threads } = await chooseCompute("cpu", () => undefined);
  const reader = memoryRecording(noise(), nChannels);
  const options: PreprocessOptions = {
    filter: "highpass",
    lowHz: 300,
    highHz: 6000,
    order: 5,
    phaseShift: true,
    reference: "none",
    excluded: [],
  };
  const rows: PreprocessBenchRow[] = [];
  const measure = async (what: string, nRows: number, work: () => Promise<unknown>) =>
    rows.push({ what, timesRealTime: await timesRealTime(nRows, work) });
  const { tileSamples } = new Preprocessor(reader, options);
  const whole = (change: Partial<PreprocessOptions>) => {
    const preprocessor = new Preprocessor(reader, { ...options, ...change });
    return async () => {
      for (let tile = 1; tile <= 4; tile++) {
        const traces = await preprocessor.process(0, tile * tileSamples, (tile + 1) * tileSamples);
        await traces.data();
        traces.dispose();
      }
    };
  };
  const raw = await reader.readSamples(0, 0, 16_384);
  const words = new Int32Array(raw.buffer, 0, raw.length / 2);
  const ones = (n: number) => tensor1d(new Float32Array(n).fill(1));
  const channels = {
    columns: tensor1d(
      Int32Array.from({ length: nChannels }, (_, c) => c),
      "int32",
    ),
  };
  const fixed = {
    ...channels,
    gains: ones(nChannels),
    delays: ones(nChannels),
    response: ones(8193),
    window: ones(16_384),
  };
  const frame = { nRows: 16_384, nColumns: nChannels + 1, nFft: 16_384, from: 1200, to: 1200 + tileSamples };
  await measure("spectral kernel, one tile with its copies", tileSamples, async () => {
    const samples = tensor1d(words, "int32");
    const out = spectralFilter({ samples, ...fixed }, frame);
    samples.dispose();
    out.dispose();
  });
  const traces = tensor2d(
    Float32Array.from({ length: tileSamples * nChannels }, (_, i) => raw[i] + 1e-3 * (i % 977)),
    [tileSamples, nChannels],
  );
  const everyone = Array.from({ length: nChannels }, (_, c) => c);
  for (const [name, groups] of [
    ["global", globalGroups(nChannels)],
    ["local", localGroups(reader.recording.probe, everyone)],
  ] as const)
    await measure(`${name} median, one tile with its copies`, tileSamples, async () => {
      commonReference(traces, groups).dispose();
    });
  await measure("high-pass + phase shift", 4 * tileSamples, whole({}));
  await measure("high-pass + phase shift + global median", 4 * tileSamples, whole({ reference: "global" }));
  await measure("high-pass + phase shift + local median", 4 * tileSamples, whole({ reference: "local" }));
  return { rows, threads };
}
