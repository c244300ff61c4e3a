import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { findBadChannels, measureNoise } from "../../src/methods/preprocess/noise.ts";
import { Preprocessor } from "../../src/methods/preprocess/preprocessor.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { memoryRecording, plainPreprocessing } from "./memoryRecording.ts";

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

const options = plainPreprocessing;
const nChannels = 48;
const nColumns = nChannels + 1;

interface Make {
  nRows: number;
  /** units of one channel at one time: its own noise, and what all have in common */
  value(c: number, own: number, common: number, t: number): number;
}

/** Own noise and common noise are white, of 1 each. */
function recorded({ nRows, value }: Make): Int16Array {
  const random = new Random(11);
  const samples = new Int16Array(nRows * nColumns);
  for (let t = 0; t < nRows; t++) {
    const common = random.normal();
    for (let c = 0; c < nChannels; c++) samples[t * nColumns + c] = Math.round(value(c, random.normal(), common, t));
  }
  return samples;
}

/** The high-pass filter leaves this share of white noise's standard deviation. */
const passed = Math.sqrt(1 - 300 / 15000);

describe("noise levels", () => {
  it("are the standard deviation of each channel; gaps do not count, a dead channel has none", async () => {
    const samples = recorded({
      nRows: 60_000,
      // zeros for a second on every channel; channel 5 dead; each channel with its own noise
      value: (c, own, _, t) => (c === 5 || (t >= 20_000 && t < 50_000) ? 0 : (50 + c) * own),
    });
    const reader = memoryRecording(samples, nChannels, { uvPerBit: new Float64Array(nChannels).fill(0.5) });
    const preprocessor = new Preprocessor(reader, options);
    const noiseUv = await measureNoise(reader, preprocessor, 3);
    expect(noiseUv[5]).toBe(0);
    for (let c = 0; c < nChannels; c++) if (c !== 5) expect(noiseUv[c] / (0.5 * (50 + c) * passed)).toBeCloseTo(1, 1);
    preprocessor.dispose();
  });

  it("come from twenty stretches of a long recording, the same for the same seed", async () => {
    const samples = recorded({ nRows: 330_000, value: (_, own) => 80 * own }).slice();
    const reader = memoryRecording(samples, nChannels);
    const preprocessor = new Preprocessor(reader, { ...options, reference: "global" });
    const [first, again] = [await measureNoise(reader, preprocessor, 3), await measureNoise(reader, preprocessor, 3)];
    expect(again).toEqual(first);
    expect(first.every((v) => Math.abs(v / (80 * passed) - 1) < 0.05)).toBe(true);
    preprocessor.dispose();
  });
});

/** Ten minutes of zeros on every channel, but for a second and a half near the end. */
function islandRecording() {
  const nRows = 18_000_000;
  const [first, end] = [16_000_000, 16_045_000];
  const island = recorded({ nRows: end - first, value: (c, own, common) => (c === 7 ? 0 : 60 * own + 30 * common) });
  const { recording } = memoryRecording(island, nChannels, { segments: [{ startSec: 0, nSamples: nRows }] });
  return {
    recording,
    readSamples: async (_segment: number, from: number, to: number) => {
      const rows = new Int16Array((to - from) * nColumns);
      const [low, high] = [Math.max(from, first), Math.min(to, end)];
      if (low < high)
        rows.set(island.subarray((low - first) * nColumns, (high - first) * nColumns), (low - from) * nColumns);
      return rows;
    },
  };
}

describe("a recording that is nearly all interruption", () => {
  it("is searched until something recorded is found, for the noise and for bad channels", async () => {
    const reader = islandRecording();
    const preprocessor = new Preprocessor(reader, options);
    const noiseUv = await measureNoise(reader, preprocessor, 3);
    expect(noiseUv[7]).toBe(0);
    const expected = Math.hypot(60, 30) * passed;
    for (let c = 0; c < nChannels; c++) if (c !== 7) expect(Math.abs(noiseUv[c] / expected - 1)).toBeLessThan(0.1);
    expect((await findBadChannels(reader, options, 3)).excluded).toEqual([7]);
    preprocessor.dispose();
  });
});

describe("bad channels", () => {
  const found = async (value: Make["value"], uv: number) => {
    const reader = memoryRecording(recorded({ nRows: 90_000, value }), nChannels, {
      uvPerBit: new Float64Array(nChannels).fill(uv),
    });
    return findBadChannels(reader, options, 1);
  };

  it("are none in a clean recording, with and without anything in common, whatever the unit", async () => {
    expect(await found((_, own, common) => 20 * own + 20 * common, 0.3)).toEqual({ excluded: [], reasons: [] });
    expect(await found((_, own) => 20 * own, 10)).toEqual({ excluded: [], reasons: [] });
  });

  it("are none in a moment of independent noise, where similarities are chance", async () => {
    const samples = recorded({ nRows: 900, value: (_, own) => 20 * own });
    expect(await findBadChannels(memoryRecording(samples, nChannels), options, 1)).toEqual({
      excluded: [],
      reasons: [],
    });
  });

  it("are the constant, the quiet, the loud and those that share nothing with the others", async () => {
    const { excluded, reasons } = await found((c, own, common) => {
      if (c === 3) return -7; // constant
      if (c === 12) return 2 * own + 2 * common; // far quieter
      if (c === 20) return 300 * own + 40 * common; // far louder
      if (c === 30) return 50 * own; // nothing in common
      return 20 * own + 40 * common;
    }, 0.3);
    expect(excluded).toEqual([3, 12, 20, 30]);
    expect(reasons).toEqual([
      "Channels 3, 12 and 30 are dead: constant, or far quieter or less like the other channels than the neighbours; left out.",
      "Channel 20 is noisy: far louder than the neighbours, overall or at high frequencies; left out.",
    ]);
  });

  it("at the top that have nothing in common are reported, and kept", async () => {
    const { excluded, reasons } = await found((c, own, common) => (c >= 30 ? 40 * own : 20 * own + 40 * common), 0.3);
    expect(excluded.filter((c) => c < 30)).toEqual([]);
    expect(reasons.some((r) => /at the top look as if outside the brain/.test(r))).toBe(true);
    console.info(reasons.join(" "));
  });

  it("are not taken from a recording that is interrupted", async () => {
    const { excluded } = await found((_, own, common, t) => (t < 30_000 ? 0 : 20 * own + 20 * common), 0.3);
    expect(excluded).toEqual([]);
  });
});
