import type { NetworkSpec } from "../core/network/layout.ts";

/** A trained network with everything needed to apply it to other spikes, and to go on training. Crosses threads. */
export interface TrainedModel {
  spec: NetworkSpec;
  /** [P] and [S], see core/network/layout */
  weights: Float32Array;
  statistics: Float32Array;
  /** what waveforms are divided by before the network sees them, in their own unit */
  waveformScale: number;
  /** what was done to it, in words, e.g. "pretrained on monopolar, 6 epochs" */
  about: string;
  /** state of AdamW, where training can go on with it; moments [2, P] */
  optimizer?: { step: number; moments: Float32Array };
}

/**
 * Names under which positions stand among the localizers' (StepResult.locations): the network as pretrained, as fine-tuned, and
 * after each outer iteration ("sln-cnn-iter01").
 */
export const networkLocations = {
  pretrained: ({ kind }: NetworkSpec) => `sln-${kind}-pretrained`,
  tuned: ({ kind }: NetworkSpec) => `sln-${kind}`,
  iteration: ({ kind }: NetworkSpec, outer: number) => `sln-${kind}-iter${String(outer).padStart(2, "0")}`,
};

/** One check of the acceptance gate, in words and numbers. */
export interface GateCheck {
  /** "sd of x", "sd of z", "tether", "monopole residual", "Δρ̄" */
  name: string;
  passed: boolean;
  /** e.g. "sd of z 11.2 → 8.0 µm (−29 %), allowed ±15 %" */
  sentence: string;
}

/** Whether a fine-tuned network may take the place of the one it started from. */
export interface GateVerdict {
  passed: boolean;
  checks: GateCheck[];
}

/**
 * One row of history.csv as the reference writes it; numbers that do not exist are NaN (empty in CSV). Pretraining:
 * epoch, train_loss, val_rmse_x/y/z/xyz; joint: outer_iter, epoch, phase, rho_mean, ent_mean, teth_mean, n_blocks, elapsed_s,
 * dy_p95_um, dx_p95_um.
 */
export interface History {
  /** columns in order, e.g. "outer_iter" */
  columns: readonly string[];
  rows: (number | string)[][];
}
