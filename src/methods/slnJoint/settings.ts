import { type AdamConfig, adamDefaults } from "../../core/adam.ts";
import { alphaScaleUm, type JointWeights } from "../../core/jointLoss.ts";
import type { NetworkSpec } from "../../core/network/layout.ts";
import { type PositionSet, scoreGrid, softGridOf } from "../../core/scoreboard/grid.ts";
import type { SoftGrid } from "../../core/softHistogram.ts";
import type { ProbeSites } from "../../core/types.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import type { BlockSettings } from "./blocks.ts";

export type MotionSource = "dredge" | "medicine" | "gradient-motion" | "given" | "none";

/** The parameters of a run, in the words of the code. */
export interface JointSettings {
  outerIterations: number;
  epochs: number;
  motion: MotionSource;
  winScaleUm: number;
  lateral: "off" | "corrected" | "as-published";
  /** null: motion is not trained */
  motionStepUm: number | null;
  startsFromZero: boolean;
  secondRound: boolean;
  weights: JointWeights;
  adam: AdamConfig;
  keepOptimizer: boolean;
  batchStatistics: boolean;
  dropout: number;
  zFrom: "network" | "monopolar";
  blocks: BlockSettings;
}

/** Where motion starts from nothing the blur falls from this to its own over the first part of the run. */
const START_SIGMA_UM = 40;
const ANNEAL_FRACTION = 0.63;

export function jointSettings(values: ParamValues, spec: NetworkSpec): JointSettings {
  const p = values as Record<string, number>;
  const isXyz = values.tether_axes === "xyz";
  const isRandom = values.sampling === "random";
  const isEndToEnd = values.end_to_end as boolean;
  return {
    outerIterations: p.outer_iterations,
    epochs: p.epochs,
    motion: values.motion as MotionSource,
    winScaleUm: p.win_scale_um,
    lateral: values.lateral as JointSettings["lateral"],
    motionStepUm: isEndToEnd ? p.motion_learning_rate : null,
    startsFromZero: isEndToEnd && values.motion_start === "zero",
    secondRound: values.second_round as boolean,
    weights: {
      rho: p.lambda_rho,
      entropy: p.lambda_entropy,
      tether: p.lambda_tether,
      residual: p.lambda_residual,
      tetherScale: [1, 1, isXyz ? 1 : 0, isXyz ? alphaScaleUm : 0].slice(0, spec.nOut),
      window: isRandom ? Infinity : p.window_bins,
    },
    adam: {
      ...adamDefaults,
      learningRate: p.learning_rate,
      weightDecay: p.weight_decay,
      clipNorm: p.clip_norm,
    },
    keepOptimizer: values.keep_optimizer as boolean,
    batchStatistics: values.batch_norm === "batch",
    dropout: p.dropout,
    zFrom: values.z_from as JointSettings["zFrom"],
    blocks: {
      binSec: p.bin_s,
      minSpikes: p.min_spikes,
      blockBins: p.block_bins,
      stride: p.stride,
      sampling: isRandom ? "random" : "consecutive",
      trainFraction: p.train_fraction,
      maxValidationBlocks: p.validation_blocks,
    },
  };
}

/** The grid of loss and checks. Throws AppError where it would be too large. */
export function jointGrid(
  values: ParamValues,
  positions: PositionSet,
  probe: ProbeSites | undefined,
  lastSec: number,
): SoftGrid {
  const p = values as Record<string, number>;
  const canonical = { xRangeUm: [-40, 80], yRangeUm: [0, 3840] } as const;
  const extent = values.grid === "canonical" ? canonical : {};
  const options = { binSec: p.bin_s, pitchUm: p.pitch_um, sigmaUm: p.sigma_um, ...extent };
  return softGridOf(scoreGrid([positions], probe, lastSec, options));
}

/** The grid at a share of the run, 0 to 1, where the blur falls: cells grow with it, so that it costs no more taps. */
export function annealedGrid(grid: SoftGrid, share: number): SoftGrid {
  const left = Math.max(0, 1 - share / ANNEAL_FRACTION);
  const sigmaUm = grid.sigmaUm + Math.max(0, START_SIGMA_UM - grid.sigmaUm) * left;
  const pitchUm = Math.max(grid.pitchUm, sigmaUm);
  const cells = (n: number) => Math.ceil(((n - 1) * grid.pitchUm) / pitchUm) + 1;
  return { ...grid, sigmaUm, pitchUm, nx: cells(grid.nx), ny: cells(grid.ny) };
}
