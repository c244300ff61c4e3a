import { Random } from "./random.ts";
import { hash } from "./syntheticNoise.ts";
import type { Motion } from "./types.ts";

export const driftKinds = ["none", "rigid", "nonrigid"] as const;
export type DriftKind = (typeof driftKinds)[number];

/** Where the tissue is: µm up the probe at a time, of what rests at a depth. */
export type Drift = (timeSec: number, restDepthUm: number) => number;

export interface DriftConfig {
  seed: number;
  kind: DriftKind;
  /** from the first to the last sample, gaps included */
  durationSec: number;
  /** depths run from 0 to this */
  topUm: number;
  peakToPeakUm: number;
  periodSec: number;
}

const DEPTH_GAIN = 0.35; // of the zigzag, from the middle to either end
const BUMP_SPACING_SEC = 20;
const SLOW_UM = 8;

/**
 * The tissue under a probe. "rigid" is a zigzag, the same at every depth. "nonrigid" is the zigzag growing towards the top, plus
 * bumps of a few seconds that reach half the probe, plus a slow sway that differs in phase along it. Deterministic in the seed.
 */
export function syntheticDrift(config: DriftConfig): Drift {
  const { kind, topUm, peakToPeakUm, periodSec, durationSec } = config;
  if (kind === "none") return () => 0;
  const random = new Random(hash(config.seed, 0x64726966));
  const phase = random.uniform();
  const zigzag = (timeSec: number) => 0.5 * peakToPeakUm * triangle(timeSec / periodSec + phase);
  if (kind === "rigid") return zigzag;
  const halfUm = Math.max(topUm, 1) / 2;
  const bumps = Array.from({ length: Math.round(durationSec / BUMP_SPACING_SEC) }, () => ({
    timeSec: durationSec * random.uniform(),
    widthSec: 1.5 + 2 * random.uniform(),
    depthUm: topUm * random.uniform(),
    sizeUm: (8 + 7 * random.uniform()) * (random.uniform() < 0.5 ? -1 : 1),
  }));
  const slowPeriodSec = 2.7 * periodSec;
  return (timeSec, restDepthUm) => {
    const height = (restDepthUm - halfUm) / halfUm;
    let sum = zigzag(timeSec) * (1 + DEPTH_GAIN * height);
    sum += SLOW_UM * Math.sin(2 * Math.PI * (timeSec / slowPeriodSec) + height);
    for (const bump of bumps) {
      const dt = (timeSec - bump.timeSec) / bump.widthSec;
      if (Math.abs(dt) < 6)
        sum += bump.sizeUm * Math.exp(-0.5 * (dt * dt + ((restDepthUm - bump.depthUm) / halfUm) ** 2));
    }
    return sum;
  };
}

/** Period 1, −1 … 1, straight. */
function triangle(phase: number): number {
  const p = phase - Math.floor(phase);
  return p < 0.5 ? 4 * p - 1 : 3 - 4 * p;
}

const MOTION_BIN_SEC = 0.1;
const MOTION_DEPTHS = 11;
const FIXED_POINT_STEPS = 6; // the drift's slope over depth is below 0.1, so each step gains a digit

/**
 * A drift as an estimator would state it: displacement of what is *seen* at a depth, on 0.1 s bins and 11 depths (one when it
 * is the same at all). What is seen at y rests at y − p, and p is where y = rest + drift(t, rest).
 */
export function driftAsMotion(drift: Drift, kind: DriftKind, durationSec: number, topUm: number): Motion {
  const nTimes = Math.max(1, Math.round(durationSec / MOTION_BIN_SEC));
  const nDepths = kind === "nonrigid" ? MOTION_DEPTHS : 1;
  const timeBinCentersSec = Float64Array.from({ length: nTimes }, (_, i) => ((i + 0.5) * durationSec) / nTimes);
  const depthBinCentersUm = Float64Array.from({ length: nDepths }, (_, k) =>
    nDepths === 1 ? topUm / 2 : (k / (nDepths - 1)) * topUm,
  );
  const displacementUm = new Float64Array(nTimes * nDepths);
  for (let i = 0; i < nTimes; i++) {
    for (let k = 0; k < nDepths; k++) {
      let p = 0;
      for (let step = 0; step < FIXED_POINT_STEPS; step++) p = drift(timeBinCentersSec[i], depthBinCentersUm[k] - p);
      displacementUm[i * nDepths + k] = p;
    }
  }
  return { displacementUm, timeBinCentersSec, depthBinCentersUm };
}
