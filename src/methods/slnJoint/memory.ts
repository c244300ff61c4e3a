import type { NetworkSpec } from "../../core/network/layout.ts";
import { MARGIN_UM } from "../../core/scoreboard/grid.ts";
import type { ProbeSites, SpikeTable } from "../../core/types.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import type { RunEstimate } from "../../protocol/recordings.ts";
import type { Machine, MethodInputs } from "../defineMethod.ts";
import {
  baseBytes,
  nPositionSets,
  passBytes,
  placeBytes,
  spikeBytes,
  waveformBytes,
  weightBytes,
  weightCopies,
} from "../sln/memory.ts";
import { MATRIX_BINS } from "./checks.ts";
import { KEPT_SPIKES, MICRO_BATCH } from "./passes.ts";

/** places as float64 columns, corrected and not, while they are scored */
const columnBytes = 6 * 8;

/** What a joint optimisation needs; null while there are no spikes. */
export function jointMemory(inputs: MethodInputs, params: ParamValues, machine: Machine): RunEstimate | null {
  const { spikes, model, probe } = inputs;
  if (!spikes) return null;
  const p = params as Record<string, number>;
  const spec: NetworkSpec = model?.spec ?? { kind: "cnn", nOut: 3 };
  const n = spikes.nSpikes;
  const outer = p.outer_iterations;
  const nBins = Math.max(1, Math.ceil(spikes.timeSec[n - 1] / p.bin_s));
  const block = Math.min(n, Math.ceil(n * Math.min(1, p.block_bins / nBins) * 1.5)); // time bins differ
  const perSpike = spikeBytes + (nPositionSets(inputs) + outer + 3) * placeBytes + columnBytes;
  const weights = (weightCopies + 2 * outer) * weightBytes(spec);
  const part = Math.min(block, MICRO_BATCH);
  const waveforms = 2 * waveformBytes * Math.min(block, KEPT_SPIKES);
  const passes = passBytes(spec, part, machine, params.batch_norm === "batch");
  const histograms = 4 * nVoxels(spikes, probe, p.pitch_um) * (4 * p.block_bins + MATRIX_BINS);
  const dredge = params.motion === "dredge" ? dredgeBytes(spikes, nBins) : 0;
  return {
    memoryBytes: baseBytes + n * perSpike + weights + waveforms + passes + histograms + dredge,
    diskBytes: (5 + outer) * weightBytes(spec) + n * placeBytes,
    basis: `for ${n} spikes, blocks of about ${block} of them, ${part} at once`,
  };
}

/** Voxels of the histogram: the probe, or what spikes span of it, with its margin. */
function nVoxels({ depthUm, xUm }: SpikeTable, probe: ProbeSites | undefined, pitchUm: number): number {
  const sites = probe?.positionsUm ?? [];
  const span = (values: ArrayLike<number>, usualUm: number) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < values.length; i++) {
      if (values[i] < low) low = values[i];
      if (values[i] > high) high = values[i];
    }
    return (high >= low ? high - low : usualUm) + 2 * MARGIN_UM;
  };
  const isKnown = sites.length > 0;
  const across = isKnown
    ? span(
        sites.map(([x]) => x),
        100,
      )
    : span(xUm ?? [], 100);
  const along = span(isKnown ? sites.map(([, y]) => y) : depthUm, 4000);
  return Math.ceil(across / pitchUm) * Math.ceil(along / pitchUm);
}

/** Displacements and weights of the pairs of time bins that DREDge compares, in every window; float32. */
function dredgeBytes({ depthUm }: SpikeTable, nBins: number): number {
  const spanUm = depthUm.reduce((high, y) => (y > high ? y : high), 0);
  const nWindows = Math.max(1, Math.ceil(spanUm / 400));
  return 8 * nWindows * nBins * Math.min(nBins, 1000);
}
