import type { ProbeSites, SpikeTable } from "../../src/core/types.ts";
import type { SpikeWaveform, TraceWindow } from "../../src/protocol/recordings.ts";

/** Four columns, staggered, 20 µm from row to row: Neuropixels 1.0. */
export function np1(nChannels = 384): ProbeSites {
  const x = [16, 48, 0, 32];
  return probeOf("Neuropixels 1.0", 1, nChannels, (c) => ({ xUm: x[c % 4], yUm: 20 * Math.floor(c / 2), shank: 0 }));
}

/** 96 contacts on each of four shanks 250 µm apart, two columns, 15 µm from row to row: Neuropixels 2.0. */
export function np2(): ProbeSites {
  return probeOf("Neuropixels 2.0", 4, 384, (c) => {
    const shank = Math.floor(c / 96);
    return { xUm: 250 * shank + 32 * (c % 2), yUm: 15 * Math.floor((c % 96) / 2), shank };
  });
}

/** Eight columns and 48 rows, 6 µm apart: Neuropixels Ultra. */
export function ultra(): ProbeSites {
  return probeOf("Neuropixels Ultra", 1, 384, (c) => ({ xUm: 6 * (c % 8), yUm: 6 * Math.floor(c / 8), shank: 0 }));
}

function probeOf(
  model: string,
  nShanks: number,
  nChannels: number,
  siteOf: (channel: number) => { xUm: number; yUm: number; shank: number },
): ProbeSites {
  const sites = Array.from({ length: nChannels }, (_, c) => siteOf(c));
  return {
    model,
    partNumber: "",
    nShanks,
    positionsUm: sites.map(({ xUm, yUm }) => [xUm, yUm]),
    shank: sites.map(({ shank }) => shank),
    connected: sites.map((_, c) => c !== 191),
  };
}

/** Between −1 and 1, by a fixed recurrence. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Noise of ±15 µV at 30 kHz from 10 s on; the channels in `leftOut` have no processed traces. */
export function traceWindow(nChannels: number, nSamples: number, leftOut: readonly number[] = []): TraceWindow {
  const next = noise(3);
  const raw = Float32Array.from({ length: nSamples * nChannels }, () => 15 * next());
  const processed = raw.map((v, i) => (leftOut.includes(i % nChannels) ? Number.NaN : v));
  const channels = Int32Array.from({ length: nChannels }, (_, c) => c);
  return {
    segment: 0,
    startSec: 10,
    rateHz: 30000,
    nSamples,
    channels,
    raw,
    processed,
    processing: "300 Hz high-pass, global median",
  };
}

/** Spikes on given channels and places, amplitude −80 µV. */
export function spikesOn(
  probe: ProbeSites,
  places: readonly (readonly [timeSec: number, channel: number])[],
): SpikeTable {
  return {
    nSpikes: places.length,
    timeSec: Float64Array.from(places, ([t]) => t),
    depthUm: Float64Array.from(places, ([, c]) => probe.positionsUm[c][1]),
    ampUv: new Float32Array(places.length).fill(-80),
    channel: Int32Array.from(places, ([, c]) => c),
  };
}

/** A spike on ten channels of a probe, largest on the first: a dip of 100 µV after 30 of 90 samples. */
export function waveformOn(probe: ProbeSites): SpikeWaveform {
  const channels = Int32Array.of(100, 101, 98, 99, 102, 103, 97, 96, 104, 105);
  const [nSamples, samplesBefore] = [90, 30];
  const next = noise(5);
  const shape = (k: number, i: number) => -(100 / (k + 1)) * Math.exp(-(((i - samplesBefore) / 6) ** 2));
  const values = (noiseUv: number) =>
    Float32Array.from({ length: 10 * nSamples }, (_, j) => shape(Math.floor(j / 90), j % 90) + noiseUv * next());
  return {
    index: 2,
    channels,
    positionsUm: Array.from(channels, (c) => probe.positionsUm[c]),
    nSamples,
    samplesBefore,
    rateHz: 30000,
    raw: values(5),
    denoised: values(0),
    locations: {
      "sln-cnn": [22, 1004, 12, 900],
      monopolar: [28, 1010, 30, 1200],
      com: [24, 998, 0, 500],
      "peak-channel": [16, 1000, 0, 100],
      grid: [20, 1016, 10, 100],
    },
  };
}
