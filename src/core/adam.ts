/**
 * One AdamW step with the gradient clipped by its global L2 norm. Oracle of shaders/adam.wgsl and shaders/sumSquares.wgsl.
 *
 *   scale = min(1, clip / (‖g‖ + 1e-6));  m ← β₁m + (1−β₁)·scale·g;  v ← β₂v + (1−β₂)(scale·g)²
 *   p ← p − lr · ((m / (1−β₁ᵗ)) / (√(v / (1−β₂ᵗ)) + ε) + wd · p)
 *
 * Kingma & Ba 2015, algorithm 1; decay decoupled from the gradient as in Loshchilov & Hutter 2019, on every parameter; the clip
 * is torch.nn.utils.clip_grad_norm_. `step` counts from 1. Decay and step are one subtraction: p·(1 − lr·wd) alone is p again
 * in float32 once lr·wd is below 6·10⁻⁸.
 */
export interface AdamConfig {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** global gradient norm above which the gradient is scaled down; Infinity never clips */
  clipNorm: number;
  /** share of a parameter taken off per step and unit of learning rate; 0 for plain Adam */
  weightDecay: number;
}

export const adamDefaults: AdamConfig = {
  learningRate: 5e-4,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  clipNorm: 1,
  weightDecay: 0,
};

export function sumSquares(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum;
}

/** Factor on the gradient, from the squared norm over *all* parameters. */
export function clipScale(squaredNorm: number, clipNorm: number): number {
  return Number.isFinite(clipNorm) ? Math.min(1, clipNorm / (Math.sqrt(squaredNorm) + 1e-6)) : 1;
}

export interface AdamState {
  param: Float32Array;
  firstMoment: Float32Array;
  secondMoment: Float32Array;
}

/** param, grad, moments: [P]. Returns new arrays; nothing is changed in place. */
export function adam(
  param: ArrayLike<number>,
  grad: ArrayLike<number>,
  firstMoment: ArrayLike<number>,
  secondMoment: ArrayLike<number>,
  squaredNorm: number,
  step: number,
  config: AdamConfig,
): AdamState {
  const n = param.length;
  const out: AdamState = {
    param: new Float32Array(n),
    firstMoment: new Float32Array(n),
    secondMoment: new Float32Array(n),
  };
  const { learningRate, beta1, beta2, epsilon, weightDecay } = config;
  const scale = clipScale(squaredNorm, config.clipNorm);
  const correct1 = 1 - beta1 ** step;
  const correct2 = 1 - beta2 ** step;
  for (let i = 0; i < n; i++) {
    const g = scale * grad[i];
    const m = beta1 * firstMoment[i] + (1 - beta1) * g;
    const v = beta2 * secondMoment[i] + (1 - beta2) * g * g;
    out.firstMoment[i] = m;
    out.secondMoment[i] = v;
    const along = m / correct1 / (Math.sqrt(v / correct2) + epsilon);
    out.param[i] = param[i] - learningRate * (along + weightDecay * param[i]);
  }
  return out;
}
