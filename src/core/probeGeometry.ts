import { AppError } from "./errors.ts";
import type { ProbeSites } from "./types.ts";

/** Probes we can lay out without a file. */
export const probeKinds = ["np1", "np2", "np2-4shank", "ultra"] as const;
export type ProbeKind = (typeof probeKinds)[number];

/** An ideal probe, its lowest sites connected: what SpikeGLX records from it. */
export interface IdealProbe {
  sites: ProbeSites;
  /** [nChannels] how much later than the first of its group a channel is sampled, in samples */
  delaySamples: Float64Array;
  /** µV of one bit at the usual AP gain */
  uvPerBit: number;
  /** largest magnitude of a sample plus one: half the range of the converter */
  maxInt: number;
}

/** A layout: sites are numbered from the left, then upwards, on each shank. µm. */
interface Layout {
  model: string;
  partNumber: string;
  nShanks: number;
  shankPitchUm: number;
  nCols: number;
  pitchXUm: number;
  pitchYUm: number;
  evenRowXUm: number;
  oddRowXUm: number;
  /** AP range in V and its amplifier: one bit is rangeV / maxInt / gain */
  rangeV: number;
  maxInt: number;
  gain: number;
  adc: keyof typeof adcGroups;
}

/** Channels that share converters, two by two, and the steps of one sample. */
const adcGroups = {
  "1.0": { nChannels: 24, nSteps: 13 },
  "2.0": { nChannels: 32, nSteps: 16 },
} as const;

const MAX_CHANNELS = 384;

const np1: Layout = {
  model: "Neuropixels 1.0",
  partNumber: "NP1000",
  nShanks: 1,
  shankPitchUm: 0,
  nCols: 2,
  pitchXUm: 32,
  pitchYUm: 20,
  evenRowXUm: 27,
  oddRowXUm: 11,
  rangeV: 0.6,
  maxInt: 512,
  gain: 500,
  adc: "1.0",
};
const np2: Layout = {
  ...np1,
  model: "Neuropixels 2.0, 1 shank",
  partNumber: "NP2003",
  pitchYUm: 15,
  oddRowXUm: 27,
  rangeV: 0.62,
  maxInt: 2048,
  gain: 100,
  adc: "2.0",
};
const layouts: Record<ProbeKind, Layout> = {
  np1,
  np2,
  "np2-4shank": {
    ...np2,
    model: "Neuropixels 2.0, 4 shanks",
    partNumber: "NP2013",
    nShanks: 4,
    shankPitchUm: 250,
  },
  ultra: {
    ...np1,
    model: "Neuropixels Ultra, phase 1",
    partNumber: "NP1100",
    nCols: 8,
    pitchXUm: 6,
    pitchYUm: 6,
    evenRowXUm: 14,
    oddRowXUm: 14,
  },
};

/**
 * A probe with its lowest `nChannels` sites connected, from the tip up; on several shanks each gets an equal share, the first
 * ones one more where it does not divide. Channels are numbered shank by shank, rows from the tip, columns from the left.
 * Measures are the makers' (data sheets as collected in billkarsh/ProbeTable).
 * Throws AppError for more channels than the chip reads at once, or fewer than one on a shank.
 */
export function idealProbe(kind: ProbeKind, nChannels: number): IdealProbe {
  const layout = layouts[kind];
  const { nShanks, model, partNumber, rangeV, maxInt, gain } = layout;
  if (!Number.isInteger(nChannels) || nChannels < nShanks || nChannels > MAX_CHANNELS) {
    throw new AppError(
      "bad-parameter",
      `Expected ${nShanks} to ${MAX_CHANNELS} channels of a probe ${kind}, found ${nChannels}.`,
      { kind, nChannels },
    );
  }
  const positionsUm: ProbeSites["positionsUm"] = [];
  const shank: number[] = [];
  for (let s = 0; s < nShanks; s++) {
    const nOnShank = Math.floor(nChannels / nShanks) + (s < nChannels % nShanks ? 1 : 0);
    for (let site = 0; site < nOnShank; site++) {
      positionsUm.push(siteUm(layout, s, site));
      shank.push(s);
    }
  }
  return {
    sites: { model, partNumber, nShanks, positionsUm, shank, connected: shank.map(() => true) },
    delaySamples: adcDelays(layout.adc, nChannels),
    uvPerBit: ((rangeV / maxInt) * 1e6) / gain,
    maxInt,
  };
}

function siteUm(layout: Layout, shank: number, site: number): [number, number] {
  const row = Math.floor(site / layout.nCols);
  const leftUm = row % 2 === 0 ? layout.evenRowXUm : layout.oddRowXUm;
  return [leftUm + (site % layout.nCols) * layout.pitchXUm + shank * layout.shankPitchUm, row * layout.pitchYUm];
}

/** [nChannels] of a sample: within a group channels are converted two by two, ((c mod group) div 2) / steps. */
function adcDelays(adc: keyof typeof adcGroups, nChannels: number): Float64Array {
  const { nChannels: group, nSteps } = adcGroups[adc];
  return Float64Array.from({ length: nChannels }, (_, c) => ((c % group) >> 1) / nSteps);
}
