import { dispose, type Tensor, type Tensor2D, type TensorInfo, tensor2d } from "@tensorflow/tfjs-core";
import { assert } from "../core/errors.ts";
import {
  inverseThresholds,
  keepExclusive,
  exclusivePeaks as oracle,
  type PeakRules,
  type PeakSign,
  type Peaks,
} from "../core/exclusivePeaks.ts";
import { type Arrays, defineOp, type HostOutput, type Shapes } from "./defineOp.ts";
import { peakCandidatesSimd } from "./simd/peakCandidates.ts";
import { exclusivePeaksProgram, peakCandidatesProgram, striding } from "./webgpu/detectionPrograms.ts";
import { dispatch, type WebgpuBackend, zeroed } from "./webgpu/program.ts";

interface Attrs {
  sign: PeakSign;
  excludeSamples: number;
  fromRow: number;
  toRow: number;
  /** room for candidates on the GPU; plain arrays grow as needed */
  capacity: number;
}

const signBits = { neg: 1, pos: 2, both: 3 } as const;
const largestFloat = 3.4028234663852886e38;

/** Room for one candidate in so many samples at first; real recordings at 5σ have one in a few hundred. */
const samplesPerCandidate = 128;

/** Inputs traces [T, C], limits [2, C] (thresholds, then their inverses), neighbours [C, K]. */
function rulesOf({ limits, neighbours }: Arrays, attrs: Attrs, shapes: Shapes): PeakRules {
  const thresholds = (limits as Float32Array).subarray(0, shapes.limits[1]);
  const slots = { nSlots: shapes.neighbours[1], channels: neighbours as Int32Array };
  return { ...attrs, thresholds, neighbours: slots };
}

/** [candidates found, peaks kept], then the kept ones as flat indices and amplitudes; at least one, for tfjs's sake. */
function toOutputs({ row, channel, amplitude }: Peaks, nChannels: number): HostOutput[] {
  const n = row.length;
  const index = new Int32Array(Math.max(1, n));
  for (let i = 0; i < n; i++) index[i] = row[i] * nChannels + channel[i];
  const values = new Float32Array(index.length);
  values.set(amplitude);
  return [
    { shape: [2], values: Int32Array.of(n, n) },
    { shape: [index.length], values: index },
    { shape: [index.length], values },
  ];
}

function onGpu(backend: WebgpuBackend, inputs: Record<string, TensorInfo>, attrs: Attrs): TensorInfo[] {
  const { traces, limits, neighbours } = inputs;
  const [nRows, nChannels] = traces.shape;
  const { capacity, sign, ...rows } = attrs;
  const counts = zeroed(backend, [2], "int32");
  const score = backend.makeTensorInfo([nRows, nChannels], "float32");
  const candidates = backend.makeTensorInfo([capacity], "int32");
  const scan = striding(nRows * nChannels);
  dispatch(
    backend,
    peakCandidatesProgram,
    { nRows, nChannels, signs: signBits[sign], capacity, nThreads: scan.nThreads },
    [traces, limits, score, candidates, counts],
    scan.groups,
  );
  const index = backend.makeTensorInfo([capacity], "int32");
  const amplitude = backend.makeTensorInfo([capacity], "float32");
  const keep = striding(capacity);
  dispatch(
    backend,
    exclusivePeaksProgram,
    { ...rows, nRows, nChannels, nSlots: neighbours.shape[1], capacity, nThreads: keep.nThreads },
    [traces, score, neighbours, candidates, counts, index, amplitude],
    keep.groups,
  );
  backend.disposeData(score.dataId);
  backend.disposeData(candidates.dataId);
  return [counts, index, amplitude];
}

const op = defineOp<Attrs>({
  name: "ExclusivePeaks",
  host(inputs, attrs, shapes) {
    const rules = rulesOf(inputs, attrs, shapes);
    return toOutputs(oracle(inputs.traces as Float32Array, rules), shapes.traces[1]);
  },
  simd(pool, inputs, attrs, shapes) {
    const rules = rulesOf(inputs, attrs, shapes);
    const traces = inputs.traces as Float32Array;
    const candidates = peakCandidatesSimd(pool, traces, rules.thresholds, rules.sign);
    return toOutputs(keepExclusive(traces, candidates, rules), shapes.traces[1]);
  },
  webgpu: onGpu,
});

/** Flat indices and amplitudes in any order into peaks sorted by row, then channel. */
function sorted(index: Int32Array, amplitude: Float32Array, n: number, nChannels: number): Peaks {
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => index[a] - index[b]);
  const peaks = { row: new Int32Array(n), channel: new Int32Array(n), amplitude: new Float32Array(n) };
  order.forEach((from, i) => {
    peaks.row[i] = Math.floor(index[from] / nChannels);
    peaks.channel[i] = index[from] % nChannels;
    peaks.amplitude[i] = amplitude[from];
  });
  return peaks;
}

async function readPeaks(outputs: Tensor[], nChannels: number): Promise<{ nCandidates: number; peaks: Peaks }> {
  const [counts, index, amplitude] = await Promise.all(outputs.map((t) => t.data()));
  const [nCandidates, nPeaks] = counts as Int32Array;
  return { nCandidates, peaks: sorted(index as Int32Array, amplitude as Float32Array, nPeaks, nChannels) };
}

/**
 * Locally exclusive peaks of a tile of traces [T, C]: rows [fromRow, toRow) are reported, the rest is margin, which
 * excludeSamples + 1 rows on either side make sufficient. Samples beyond the tile count as zeros. See core/exclusivePeaks.
 */
export async function exclusivePeaks(traces: Tensor2D, rules: PeakRules): Promise<Peaks> {
  const [nRows, nChannels] = traces.shape;
  const { thresholds, neighbours, ...attrs } = rules;
  assert(thresholds.length === nChannels, "one threshold per channel");
  assert(nRows * nChannels < 2 ** 31, "a tile that 32-bit indices can address");
  const limits = tensor2d(
    // shaders need not know infinity, and nothing finite exceeds this
    [thresholds.map((t) => Math.min(t, largestFloat)), inverseThresholds(thresholds)].flatMap((v) => [...v]),
    [2, nChannels],
  );
  const slots = tensor2d(neighbours.channels, [nChannels, neighbours.nSlots], "int32");
  try {
    for (let capacity = Math.max(1024, Math.ceil((nRows * nChannels) / samplesPerCandidate)); ; ) {
      const outputs = op({ traces, limits, neighbours: slots }, { ...attrs, capacity });
      const { nCandidates, peaks } = await readPeaks(outputs, nChannels).finally(() => dispose(outputs));
      if (nCandidates <= capacity || nCandidates === peaks.row.length) return peaks;
      capacity = nCandidates;
    }
  } finally {
    dispose([limits, slots]);
  }
}
