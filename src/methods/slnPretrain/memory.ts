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
import { batchSizeOf } from "./batches.ts";
import { specOf } from "./params.ts";

/** of a split: what a spike is for, and its place in the order */
const splitColumns = 3;
/** spikes that are placed at once when a network is validated */
const evaluateSpikes = 2048;

/** What a pretraining needs; null while there are no spikes. */
export function pretrainMemory(inputs: MethodInputs, params: ParamValues, machine: Machine): RunEstimate | null {
  if (!inputs.spikes) return null;
  const n = inputs.spikes.nSpikes;
  const spec = specOf(params.network as string);
  const batch = Math.max(batchSizeOf(params), evaluateSpikes);
  const perSpike = spikeBytes + (nPositionSets(inputs) + 1) * placeBytes + 4 * (spec.nOut + splitColumns);
  const weights = weightCopies * weightBytes(spec);
  const passes = 2 * waveformBytes * batch + passBytes(spec, batch, machine, true);
  return {
    memoryBytes: baseBytes + n * perSpike + weights + passes,
    diskBytes: 5 * weightBytes(spec) + n * placeBytes,
    basis: `for ${n} spikes, ${batch} of them at once`,
  };
}
