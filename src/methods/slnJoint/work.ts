import type { JointWeights } from "../../core/jointLoss.ts";
import type { SoftGrid } from "../../core/softHistogram.ts";
import type { Motion, SpikeTable } from "../../core/types.ts";
import type { Network, NetworkState } from "../../nn/network.ts";
import type { MetricSeries } from "../../protocol/methods.ts";
import type { GateVerdict, History, TrainedModel } from "../../protocol/models.ts";
import type { MethodContext, MethodInputs, Yielded } from "../defineMethod.ts";
import type { WaveformFeed } from "../sln/feed.ts";
import { amplitudesOf } from "./amplitudes.ts";
import type { Block, BlockSampler } from "./blocks.ts";
import type { Checked, PositionChecks } from "./checks.ts";
import type { LossBlock } from "./loss.ts";
import type { MotionTable } from "./motionTable.ts";
import type { RunPace } from "./runPace.ts";
import type { JointSettings } from "./settings.ts";

/** The network of the best epoch, and what it came to. */
export interface Best {
  rho: number;
  entropy: number;
  outer: number;
  epoch: number;
  network: Required<NetworkState>;
  motion: Motion;
  /** [N, 4]; null after a resume, until they are predicted again */
  positions: Float32Array | null;
  checked: Checked;
  verdict: GateVerdict;
}

/** Where a run stands between two epochs: everything that a checkpoint holds, and nothing else that changes. */
export interface Standing {
  /** outer iteration from 1, and the epochs of it that are done */
  outer: number;
  epoch: number;
  /** steps of training over the whole run */
  steps: number;
  motion: Motion;
  history: History["rows"];
  metrics: Record<string, { step: number[]; value: number[] }>;
  best: Best | null;
  /** checks of the pretrained positions under the motion of the first iteration */
  start: Checked | null;
  /** weights at the end of every finished outer iteration */
  iterations: Pick<TrainedModel, "weights" | "statistics">[];
}

/** What a run works with. */
export interface JointWork {
  inputs: MethodInputs & { spikes: SpikeTable };
  model: TrainedModel;
  settings: JointSettings;
  context: MethodContext;
  feed: WaveformFeed;
  network: Network;
  sampler: BlockSampler;
  grid: SoftGrid;
  checks: PositionChecks;
  pace: RunPace;
  /** [N, nOut] what the tether holds to */
  baseline: Float32Array;
  /** the same as positions [N, 4] */
  baselineXyza: Float32Array;
  /** [N, 4] as the network stands, for phase A */
  positions: Float32Array;
  /** trained motion; null where it is not */
  table: MotionTable | null;
  standing: Standing;
  /** positions after each outer iteration; null where they have to be predicted again */
  iterationPositions: (Float32Array | null)[];
  /** fixed rows that are shown while it learns */
  shownRows: Int32Array;
}

export const historyColumns = [
  "outer_iter",
  "epoch",
  "phase",
  "rho_mean",
  "ent_mean",
  "teth_mean",
  "n_blocks",
  "elapsed_s",
  "Δy_p95_um",
  "Δx_p95_um",
] as const;

/** Keep values as curves, and give the event that shows them. */
export function metric({ standing }: JointWork, values: Record<string, number>): Yielded {
  for (const [name, value] of Object.entries(values)) {
    standing.metrics[name] ??= { step: [], value: [] };
    standing.metrics[name].step.push(standing.steps);
    standing.metrics[name].value.push(value);
  }
  return { kind: "metric", step: standing.steps, values };
}

export function metricSeries({ metrics }: Standing): Record<string, MetricSeries> {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, { step, value }]) => [
      name,
      { step: Float64Array.from(step), value: Float32Array.from(value) },
    ]),
  );
}

/** The motion as it stands: trained, or that of phase A. */
export function motionNow({ table, standing }: JointWork): Motion {
  return table?.motion ?? standing.motion;
}

/** What the loss wants to know of a block. */
export async function lossBlock(work: JointWork, block: Block, weights: JointWeights): Promise<LossBlock> {
  const { feed, baseline, network, inputs, sampler } = work;
  const { rows, bin, bins, valid, maxPerBin } = block;
  const { nOut } = network.spec;
  const { shank } = inputs.spikes;
  const amplitudes = weights.residual > 0 ? await amplitudesOf(feed, rows) : null;
  return {
    bin,
    nBins: bins.length,
    valid,
    maxPerBin,
    timeSec: Float64Array.from(bin, (b) => (bins[b] + 0.5) * sampler.binSec),
    anchorsUm: Float32Array.from({ length: 2 * rows.length }, (_, i) => feed.anchorsUm[2 * rows[i >> 1] + (i & 1)]),
    baseline: Float32Array.from({ length: nOut * rows.length }, (_, i) => {
      const n = Math.floor(i / nOut);
      return baseline[nOut * rows[n] + (i - nOut * n)];
    }),
    ...(shank ? { shank: Int32Array.from(rows, (row) => shank[row]) } : {}),
    ...(amplitudes ? { amplitudes } : {}),
  };
}

/** Positions [N, 4] as offsets from the anchors, [N, nOut]: what a network would have said. */
export function offsetsOf(xyza: Float32Array, anchorsUm: Float32Array, nOut: number): Float32Array {
  return Float32Array.from({ length: (nOut * xyza.length) / 4 }, (_, at) => {
    const n = Math.floor(at / nOut);
    const k = at - nOut * n;
    const value = xyza[4 * n + k];
    if (k < 2) return value - anchorsUm[2 * n + k];
    return k === 3 ? Math.log10(value) : value;
  });
}
