import type { Axes } from "../positionTruth.ts";

/**
 * Whether a fine-tuned network may take the place of the one it started from, judged without a truth.
 *
 *   sd of x, sd of z     within ±15 % of the start: ρ̄ is had by throwing an axis away, and z feels the loss only indirectly
 *   tether               positions moved by less than 4 µm rms along each axis
 *   monopole residual    at most 1.2 times that of the start
 *   Δρ̄                   correction raises ρ̄ by more than 0.1: positions that keep to contacts gain little or lose
 * The limits are those of our simulation study; a collapsed network fails at least the first, whatever ρ̄ it reaches.
 */
export interface GateFigures {
  sdXUm: number;
  sdZUm: number;
  /** rms distance from the start, µm */
  tetherRmsUm: Axes;
  /** mean over spikes; NaN where the contacts are not known */
  residual: number;
  /** ρ̄ corrected less ρ̄ uncorrected; NaN when no motion is taken away */
  deltaRho: number;
}

export interface Gate {
  passed: boolean;
  checks: { name: string; passed: boolean; sentence: string }[];
}

export const gateLimits = { spread: 0.15, tetherUm: 4, residualRatio: 1.2, deltaRho: 0.1 } as const;

export function gate(start: GateFigures, now: GateFigures): Gate {
  const checks = [
    spreadCheck("sd of x", start.sdXUm, now.sdXUm),
    spreadCheck("sd of z", start.sdZUm, now.sdZUm),
    tetherCheck(now.tetherRmsUm),
    residualCheck(start.residual, now.residual),
    deltaCheck(start.deltaRho, now.deltaRho),
  ];
  return { passed: checks.every(({ passed }) => passed), checks };
}

function spreadCheck(name: string, start: number, now: number) {
  const change = start === now ? 0 : now / start - 1;
  const percent = `${change < 0 ? "−" : "+"}${Math.abs(100 * change).toFixed(0)} %`;
  return {
    name,
    passed: Math.abs(change) <= gateLimits.spread,
    sentence: `${name} ${start.toFixed(1)} → ${now.toFixed(1)} µm (${percent}), allowed ±${100 * gateLimits.spread} %`,
  };
}

function tetherCheck(rmsUm: Axes) {
  return {
    name: "tether",
    passed: rmsUm.every((um) => um < gateLimits.tetherUm),
    sentence: `moved by ${rmsUm.map((um) => um.toFixed(1)).join(", ")} µm rms along x, y, z, allowed under ${gateLimits.tetherUm} µm each`,
  };
}

function residualCheck(start: number, now: number) {
  const name = "monopole residual";
  if (Number.isNaN(start))
    return { name, passed: true, sentence: `${name} not checked: where the contacts of each spike lie is not known` };
  return {
    name,
    passed: now <= gateLimits.residualRatio * start,
    sentence: `${name} ${start.toPrecision(2)} → ${now.toPrecision(2)}, allowed ${gateLimits.residualRatio} times the start`,
  };
}

function deltaCheck(start: number, now: number) {
  const name = "Δρ̄";
  if (Number.isNaN(now))
    return { name, passed: true, sentence: `${name} not checked: there is no motion to take away` };
  const [from, to] = [start, now].map((v) => v.toFixed(3).replace("-", "−"));
  return {
    name,
    passed: now > gateLimits.deltaRho,
    sentence: `${name} by correction ${to} (${from} at the start), at least ${gateLimits.deltaRho} asked`,
  };
}
