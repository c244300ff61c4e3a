import { Random } from "./random.ts";
import { hash } from "./syntheticNoise.ts";
import type { Motion } from "./types.ts";

export const driftKinds = ["none", "rigid", "nonrigid", "jump", "walk", "bumps", "fast"] as const;
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
  /** of the zigzag of "rigid" and "nonrigid"; the others have a size of their own */
  peakToPeakUm: number;
  periodSec: number;
}

const DEPTH_GAIN = 0.35; // of the zigzag, from the middle to either end
const BUMP_SPACING_SEC = 20;
const SLOW_UM = 8;
const JUMP_UM = 40;
const WALK_UM_PER_ROOT_SEC = 3;
const WALK_STEP_SEC = 0.1;
const SHORT_BUMP = { everySec: 10, lengthSec: 2, sizeUm: 25 };
const FAST = { umPerSec: 8, peakToPeakUm: 100 };

/**
 * The tissue under a probe. "rigid" is a zigzag, the same at every depth. "nonrigid" is the zigzag growing towards the top, plus
 * bumps of a few seconds that reach half the probe, plus a slow sway that differs in phase along it. The others are hard on
 * estimators and the same at every depth: "jump" is one step of 40 µm, "walk" a random walk of 3 µm/√s, "bumps" are 25 µm
 * either way for 2 s, "fast" is a zigzag of 100 µm at 8 µm/s. Deterministic in the seed.
 */
export function syntheticDrift(config: DriftConfig): Drift {
  const { kind, topUm, peakToPeakUm, periodSec, durationSec } = config;
  if (kind === "none") return () => 0;
  const random = new Random(hash(config.seed, 0x64726966));
  if (kind === "jump") return (timeSec) => (timeSec < 0.5 * durationSec ? 0 : JUMP_UM);
  if (kind === "walk") return walk(random, durationSec);
  if (kind === "bumps") return shortBumps(random, durationSec);
  const phase = random.uniform();
  if (kind === "fast") return (timeSec) => fastZigzag(timeSec, phase);
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

function walk(random: Random, durationSec: number): Drift {
  const atUm = [0];
  for (let i = 0; i * WALK_STEP_SEC <= durationSec; i++)
    atUm.push(atUm[i] + WALK_UM_PER_ROOT_SEC * Math.sqrt(WALK_STEP_SEC) * random.normal());
  return (timeSec) => {
    const steps = Math.min(Math.max(timeSec / WALK_STEP_SEC, 0), atUm.length - 1.001);
    const i = Math.floor(steps);
    return atUm[i] + (steps - i) * (atUm[i + 1] - atUm[i]);
  };
}

/** Raised cosines, one in every stretch of `everySec`, away from its ends. */
function shortBumps(random: Random, durationSec: number): Drift {
  const { everySec, lengthSec, sizeUm } = SHORT_BUMP;
  const bumps = Array.from({ length: Math.ceil(durationSec / everySec) }, (_, i) => ({
    timeSec: (i + 0.2 + 0.6 * random.uniform()) * everySec,
    sizeUm: random.uniform() < 0.5 ? sizeUm : -sizeUm,
  }));
  return (timeSec) => {
    const bump = bumps[Math.min(Math.max(Math.floor(timeSec / everySec), 0), bumps.length - 1)];
    const turns = (timeSec - bump.timeSec) / lengthSec;
    return Math.abs(turns) < 0.5 ? bump.sizeUm * 0.5 * (1 + Math.cos(2 * Math.PI * turns)) : 0;
  };
}

function fastZigzag(timeSec: number, phase: number): number {
  const periodSec = (2 * FAST.peakToPeakUm) / FAST.umPerSec;
  return 0.5 * FAST.peakToPeakUm * triangle(timeSec / periodSec + phase);
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
