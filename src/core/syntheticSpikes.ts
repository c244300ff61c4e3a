import { Random } from "./random.ts";
import type { Motion, SpikeTable } from "./types.ts";

/**
 * Spikes of simulated units on a moving probe, with the motion that moved them: what tests and the second demo run on.
 * Our own generator; every number is free to use.
 */
export interface SyntheticConfig {
  seed: number;
  durationSec: number;
  nUnits: number;
  /** mean firing rate of a unit */
  rateHz: number;
  /** probe length */
  depthUm: number;
  /** sd of the depth error of the strongest units; weak ones are three times worse */
  jitterUm: number;
  /** fraction of spikes that are noise events, uniform over the probe */
  noiseFraction: number;
  /** displacement in µm of the tissue at a time and rest depth */
  motion: (timeSec: number, restDepthUm: number) => number;
}

export interface SyntheticSpikes {
  spikes: SpikeTable;
  /** the imposed motion on 1 s bins and 5 depths, as an estimator would state it */
  truth: Motion;
}

export const syntheticDefaults: Omit<SyntheticConfig, "motion"> = {
  seed: 1,
  durationSec: 600,
  nUnits: 120,
  rateHz: 1.2,
  depthUm: 1500,
  jitterUm: 2,
  noiseFraction: 0.08,
};

/** A slow zigzag of the whole tissue plus a drift that grows with depth: the default imposed motion. */
export function zigzagMotion(
  peakToPeakUm: number,
  periodSec: number,
  growthUm: number,
  depthUm: number,
): SyntheticConfig["motion"] {
  return (timeSec, restDepthUm) => {
    const phase = (timeSec / periodSec) % 1;
    const triangle = phase < 0.5 ? 4 * phase - 1 : 3 - 4 * phase;
    const slow = growthUm * Math.sin((2 * Math.PI * timeSec) / (2.7 * periodSec)) * (restDepthUm / depthUm);
    return 0.5 * peakToPeakUm * triangle + slow;
  };
}

/** Draw the spikes. Deterministic in the seed. */
export function syntheticSpikes(config: SyntheticConfig): SyntheticSpikes {
  const random = new Random(config.seed);
  const rows: { timeSec: number; depthUm: number; ampUv: number }[] = [];
  for (let u = 0; u < config.nUnits; u++) {
    const restUm = config.depthUm * random.uniform();
    const ampUv = 50 + 40 * -Math.log(1 - random.uniform());
    const jitterUm = config.jitterUm * (1 + 2 * Math.exp(-(ampUv - 50) / 40));
    const meanGapSec = 1 / (config.rateHz * (0.3 + 1.4 * random.uniform()));
    const gapSec = () => -meanGapSec * Math.log(1 - random.uniform());
    for (let t = gapSec(); t < config.durationSec; t += gapSec()) {
      rows.push({
        timeSec: t,
        depthUm: restUm + config.motion(t, restUm) + jitterUm * random.normal(),
        ampUv: -ampUv * (1 + 0.08 * random.normal()),
      });
    }
  }
  const nNoise = Math.round((config.noiseFraction / (1 - config.noiseFraction)) * rows.length);
  for (let i = 0; i < nNoise; i++) {
    rows.push({
      timeSec: config.durationSec * random.uniform(),
      depthUm: config.depthUm * random.uniform(),
      ampUv: -45 - 10 * random.uniform(),
    });
  }
  rows.sort((a, b) => a.timeSec - b.timeSec);
  return {
    spikes: {
      nSpikes: rows.length,
      timeSec: Float64Array.from(rows, (r) => r.timeSec),
      depthUm: Float64Array.from(rows, (r) => r.depthUm),
      ampUv: Float32Array.from(rows, (r) => r.ampUv),
    },
    truth: sampleMotion(config),
  };
}

function sampleMotion({ durationSec, depthUm, motion }: SyntheticConfig): Motion {
  const nTimes = Math.ceil(durationSec);
  const timeBinCentersSec = Float64Array.from({ length: nTimes }, (_, i) => i + 0.5);
  const depthBinCentersUm = Float64Array.from({ length: 5 }, (_, k) => (k / 4) * depthUm);
  const displacementUm = new Float64Array(nTimes * 5);
  for (let i = 0; i < nTimes; i++) {
    for (let k = 0; k < 5; k++) displacementUm[i * 5 + k] = motion(i + 0.5, depthBinCentersUm[k]);
  }
  return { displacementUm, timeBinCentersSec, depthBinCentersUm };
}
