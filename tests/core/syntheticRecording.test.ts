import { describe, expect, it } from "vitest";
import { displacementAt } from "../../src/core/motion.ts";
import { idealProbe, probeKinds } from "../../src/core/probeGeometry.ts";
import { type SyntheticOptions, syntheticRecording } from "../../src/core/syntheticRecording.ts";
import { nearestChannel, spikePosition } from "../../src/core/syntheticSpikeTraces.ts";

const small = { nChannels: 16, durationSec: 1, nUnits: 4 } as const;
const quiet = { lfpUv: 0, humUv: 0 } as const;
const silent = { ...quiet, sharedNoiseUv: 0, ownNoiseUv: 0, motion: "none" } as const;

function column(options: Partial<SyntheticOptions>, channel: number): Float64Array {
  const { recording, samples } = syntheticRecording(options);
  const all = samples(0, 0, recording.segments[0].nSamples);
  const n = recording.segments[0].nSamples;
  return Float64Array.from(
    { length: n },
    (_, t) => all[t * recording.nSavedChannels + channel] * recording.uvPerBit[0],
  );
}

const rms = (v: Float64Array) => Math.sqrt(v.reduce((s, x) => s + x * x, 0) / v.length);
const correlation = (a: Float64Array, b: Float64Array) =>
  a.reduce((s, x, i) => s + x * b[i], 0) /
  Math.sqrt(a.reduce((s, x) => s + x * x, 0) * b.reduce((s, x) => s + x * x, 0));

describe("ideal probes", () => {
  it.each([
    [
      "np1",
      384,
      [
        [27, 0],
        [59, 0],
        [11, 20],
        [43, 20],
      ],
      [43, 3820],
      12 / 13 - 1 / 13,
    ],
    [
      "np2",
      384,
      [
        [27, 0],
        [59, 0],
        [27, 15],
        [59, 15],
      ],
      [59, 2865],
      15 / 16,
    ],
    [
      "np2-4shank",
      384,
      [
        [27, 0],
        [59, 0],
        [27, 15],
        [59, 15],
      ],
      [809, 705],
      15 / 16,
    ],
    [
      "ultra",
      384,
      [
        [14, 0],
        [20, 0],
        [26, 0],
        [32, 0],
      ],
      [56, 282],
      11 / 13,
    ],
  ] as const)("%s has its makers' measures", (kind, n, firsts, last, latest) => {
    const { sites, delaySamples } = idealProbe(kind, n);
    expect(sites.positionsUm.slice(0, 4)).toEqual(firsts);
    expect(sites.positionsUm[n - 1]).toEqual(last);
    expect(Math.max(...delaySamples)).toBeCloseTo(latest, 12);
    expect([...delaySamples.slice(0, 4)]).toEqual([0, 0, delaySamples[2], delaySamples[2]]);
    expect(new Set(sites.positionsUm.map(String)).size).toBe(n);
  });

  it("shares channels out among shanks, and refuses what no chip reads", () => {
    const { sites } = idealProbe("np2-4shank", 10);
    expect(sites.shank).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 3, 3]);
    expect(() => idealProbe("np1", 385)).toThrow("Expected 1 to 384 channels of a probe np1, found 385.");
    expect(() => idealProbe("np2-4shank", 3)).toThrow("Expected 4 to 384");
  });
});

describe("a simulated recording", () => {
  it.each(probeKinds)("of %s is the same however it is cut, and another with another seed", (probe) => {
    const options = { ...small, probe, durationSec: 0.2, deadChannels: [1], referenceChannel: 3 };
    const whole = syntheticRecording(options).samples(0, 0, 6000);
    const { samples } = syntheticRecording(options);
    const parts = [
      [4000, 6000],
      [0, 1],
      [1, 1023],
      [1023, 1025],
      [1025, 2048],
      [2048, 4000],
    ];
    for (const [from, to] of parts) {
      expect(samples(0, from, to)).toEqual(whole.subarray(from * 17, to * 17));
    }
    expect(syntheticRecording({ ...options, seed: 2 }).samples(0, 0, 6000)).not.toEqual(whole);
    for (let t = 0; t < 6000; t++) expect([whole[t * 17 + 1], whole[t * 17 + 3]]).toEqual([0, 0]);
  });

  it("has a trough of alpha / r at the true sample on the nearest contact, delayed by its converter", () => {
    const { recording, truth, samples } = syntheticRecording({ ...small, ...silent, nUnits: 1, durationSec: 4 });
    const [unit] = truth.units;
    const { nSavedChannels, uvPerBit, probe, delaySamples } = recording;
    expect(truth.trains.sample.length).toBeGreaterThan(3);
    truth.trains.sample.forEach((sample, i) => {
      const place = spikePosition(truth, recording, i);
      const c = nearestChannel(recording, 0, place);
      const [x, y] = probe.positionsUm[c];
      const peakUv = (unit.alpha * truth.trains.scale[i]) / Math.hypot(x - place.xUm, y - place.yUm, place.zUm);
      const at = Math.round(sample - delaySamples[c]);
      if (at < 30 || at > 4 * 30000 - 30) return;
      const around = samples(0, at - 2, at + 3);
      const found = Array.from({ length: 5 }, (_, k) => around[k * nSavedChannels + c] * uvPerBit[0] * unit.polarity);
      expect(Math.abs(Math.max(...found) - peakUv)).toBeLessThan(0.03 * peakUv + uvPerBit[0]);
      expect(found[2]).toBeGreaterThan(0.97 * Math.max(...found) - uvPerBit[0]);
    });
  });

  it("has noise as loud as asked, shared by neighbours and not by shanks, without a step between blocks", () => {
    const four = { ...quiet, probe: "np2-4shank", nChannels: 16, durationSec: 4, motion: "none" } as const;
    const options = { ...four, nUnits: 1, sharedNoiseUv: 12, ownNoiseUv: 5 }; // the one unit is on shank 0
    const [a, b, other] = [4, 5, 8].map((c) => column(options, c));
    for (const channel of [a, b, other]) expect(Math.abs(rms(channel) - 13)).toBeLessThan(0.5);
    expect(correlation(a, b)).toBeGreaterThan(0.7);
    expect(Math.abs(correlation(a, other))).toBeLessThan(0.03);
    const changes = a.slice(1).map((v, t) => v - a[t]);
    const atSeams = changes.filter((_, t) => (t + 1) % 1024 === 0);
    expect(rms(atSeams) / rms(changes)).toBeLessThan(1.3);
  });

  it("has slow signals on demand, a 1 Hz sync wave, and two segments with a gap", () => {
    const options = { ...small, ...silent, nUnits: 1, durationSec: 4, nSegments: 2, gapSec: 3 } as const;
    const { recording, samples } = syntheticRecording(options);
    expect(recording.segments).toEqual([
      { startSec: 0, nSamples: 60000 },
      { startSec: 5, nSamples: 60000 },
    ]);
    const sync = (segment: number, t: number) => samples(segment, t, t + 1)[16];
    expect([0, 14999, 15000, 30000].map((t) => sync(0, t))).toEqual([0, 0, 64, 0]);
    expect(rms(column({ ...options, lfpUv: 100, nSegments: 1 }, 5))).toBeGreaterThan(40);
    expect(rms(column({ ...options, humUv: 40, nSegments: 1 }, 5))).toBeGreaterThan(25);
  });

  it("moves every unit by the motion it states: corrected depth is depth at rest", () => {
    const { recording, truth } = syntheticRecording({ ...small, nChannels: 96, durationSec: 30, nUnits: 40 });
    const [motion] = truth.motions;
    const topUm = motion.depthBinCentersUm[10];
    let worst = 0;
    truth.trains.sample.forEach((sample, i) => {
      const { yUm } = spikePosition(truth, recording, i);
      const rest = truth.units[truth.trains.unit[i]].yUm;
      if (yUm < 0 || yUm > topUm) return;
      worst = Math.max(worst, Math.abs(yUm - displacementAt(motion, sample / 30000, yUm) - rest));
    });
    expect(worst).toBeLessThan(0.35); // half a 0.1 s bin of the fastest stretch, and 94 µm bins of a curve
    const span = Math.max(...motion.displacementUm) - Math.min(...motion.displacementUm);
    expect(span).toBeGreaterThan(30);
  });

  it("moves shanks apart or together", () => {
    const options = { ...small, probe: "np2-4shank", motion: "rigid", durationSec: 20 } as const;
    const at = (shanks: "together" | "apart") =>
      syntheticRecording({ ...options, shanks }).truth.motions.map((m) => m.displacementUm[0]);
    expect(new Set(at("together")).size).toBe(1);
    expect(new Set(at("apart")).size).toBe(4);
  });

  it("fires with a refractory period, in order", () => {
    const { truth } = syntheticRecording({ ...small, durationSec: 60 });
    const { unit, sample } = truth.trains;
    expect([...sample]).toEqual([...sample].sort((a, b) => a - b));
    for (let u = 0; u < 4; u++) {
      const own = [...sample].filter((_, i) => unit[i] === u);
      expect(Math.min(...own.slice(1).map((s, i) => s - own[i]))).toBeGreaterThan(89);
      expect(own.length / 60 / truth.units[u].rateHz).toBeGreaterThan(0.7);
    }
  });

  it("says what it cannot simulate", () => {
    expect(() => syntheticRecording({ durationSec: 0 })).toThrow("Expected 0 to 86400 s to simulate, found 0.");
    expect(() => syntheticRecording({ nUnits: 0.5 })).toThrow("Expected 1 to 5000 units to simulate, found 0.5.");
  });
});
