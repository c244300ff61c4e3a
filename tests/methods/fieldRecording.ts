import { Random } from "../../src/core/random.ts";
import type { Recording, SampleReader } from "../../src/core/types.ts";

export interface FieldConfig {
  durationSec: number;
  /** µm up the probe, of what is seen at a depth */
  motion: (timeSec: number, depthUm: number, shank: number) => number;
  nShanks: number;
  /** the second half comes as a segment of its own, so much later; 0 is one segment */
  gapSec: number;
}

const rateHz = 2500;
const nPerShank = 100;

/**
 * Field potentials over 50 depths 20 µm apart, two contacts each: a smooth random profile over depth (30 to 120 µm) that
 * swings at 8 Hz and moves with the tissue, a larger signal that all contacts share, and noise of one bit.
 */
export function fieldRecording(given: Partial<FieldConfig> & Pick<FieldConfig, "motion">): SampleReader {
  const { durationSec, motion, nShanks, gapSec } = { durationSec: 30, nShanks: 1, gapSec: 0, ...given };
  const random = new Random(5);
  const bumps = Array.from({ length: 80 }, () => ({
    depthUm: -200 + 1400 * random.uniform(),
    widthUm: 30 * 4 ** random.uniform(),
    size: random.normal(),
  }));
  const gridUm = 2;
  const profile = Float64Array.from({ length: 700 }, (_, k) => {
    const depthUm = -200 + gridUm * k;
    return bumps.reduce(
      (sum, b) => sum + 3 * b.widthUm * b.size * Math.exp(-0.5 * ((depthUm - b.depthUm) / b.widthUm) ** 2),
      0,
    );
  });
  const profileAt = (depthUm: number) => {
    const place = (depthUm + 200) / gridUm;
    const k = Math.floor(place);
    return profile[k] + (place - k) * (profile[k + 1] - profile[k]);
  };
  const nChannels = nPerShank * nShanks;
  const channels = Array.from({ length: nChannels }, (_, c) => c);
  const shank = channels.map((c) => Math.floor(c / nPerShank));
  const positionsUm = channels.map((c): [number, number] => {
    return [250 * shank[c] + [43, 11, 59, 27][c % 4], 20 * Math.floor((c % nPerShank) / 2)];
  });
  const half = Math.round((durationSec * rateHz) / 2);
  const segments =
    gapSec > 0
      ? [
          { startSec: 0, nSamples: half },
          { startSec: half / rateHz + gapSec, nSamples: half },
        ]
      : [{ startSec: 0, nSamples: 2 * half }];
  const recording: Recording = {
    stream: "lf",
    rateHz,
    nChannels,
    nSavedChannels: nChannels + 1,
    sync: 1,
    segments,
    uvPerBit: new Float64Array(nChannels).fill(4.6875),
    delaySamples: new Float64Array(nChannels),
    probe: {
      model: "synthetic",
      partNumber: "",
      nShanks,
      positionsUm,
      shank,
      connected: channels.map((c) => c !== 37),
    },
  };
  const kept = segments.map(({ startSec, nSamples }) => {
    const samples = new Int16Array(nSamples * (nChannels + 1));
    for (let k = 0; k < nSamples; k++) {
      const t = startSec + k / rateHz;
      const swing = Math.cos(2 * Math.PI * 8 * t);
      const shared = 800 * Math.sin(2 * Math.PI * 3 * t);
      for (let c = 0; c < nChannels; c++) {
        const depthUm = positionsUm[c][1];
        const field = profileAt(depthUm - motion(t, depthUm, shank[c]));
        samples[k * (nChannels + 1) + c] = Math.round((field * swing + shared) / 4.6875 + random.normal());
      }
    }
    return samples;
  });
  const readSamples = async (segment: number, from: number, to: number) =>
    kept[segment].slice(from * (nChannels + 1), to * (nChannels + 1));
  return { recording, readSamples };
}
