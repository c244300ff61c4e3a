import { describe, expect, it } from "vitest";
import { nodeSources } from "../../src/cli/nodeFiles.ts";
import { displacementAt } from "../../src/core/motion.ts";
import { matchSpikes, scoreLocations, scoreSpikes } from "../../src/core/spikeScore.ts";
import { readTable } from "../../src/io/columns.ts";
import { openRecordings } from "../../src/io/open.ts";
import { simRawMotion, simRawSources, simRawTruth } from "./simRaw.ts";

describe("the reference's simulated recording", () => {
  it("opens as SpikeGLX with its rate, gain and geometry, and its samples", async () => {
    const [source] = await openRecordings(await simRawSources());
    expect(source.warnings).toEqual([]);
    expect(source.recording).toMatchObject({ rateHz: 30000, nChannels: 64, sync: 0, segments: [{ nSamples: 720000 }] });
    expect(source.recording.uvPerBit[63]).toBeCloseTo(4.6875, 12);
    expect(source.recording.probe.positionsUm.slice(0, 4)).toEqual([
      [16, 0],
      [48, 0],
      [0, 20],
      [32, 20],
    ]);
    // an average over strong spikes stands out of the noise where the truth says it does
    const { spikes } = await simRawTruth();
    let sum = 0;
    for (let i = 0; i < 200; i++) {
      const at = spikes.sample[i];
      sum += (await source.readSamples(0, at, at + 1))[spikes.channel[i]] * 4.6875;
    }
    expect(sum / 200).toBeLessThan(-60);
  });

  it("has a motion that brings every unit back to where it rests", async () => {
    const motion = await simRawMotion();
    const { spikes } = await simRawTruth();
    const rest = await readTable((await nodeSources(["../shared/golden/sim_raw/unit_xyz0.npy"]))[0]);
    const known = Array.from({ length: rest.nRows }, (_, u) => rest.values[3 * u + 1]);
    let worst = 0;
    for (let i = 0; i < spikes.sample.length; i++) {
      const y = spikes.yUm[i];
      if (y < 0 || y > 620) continue;
      const corrected = y - displacementAt(motion, spikes.sample[i] / 30000, y);
      worst = Math.max(worst, Math.min(...known.map((k) => Math.abs(k - corrected))));
    }
    console.info(`largest distance of a corrected spike from a unit at rest: ${worst.toFixed(3)} µm`);
    expect(worst).toBeLessThan(0.4); // half a 0.1 s bin at 6.7 µm/s
  });

  it("finds all of its spikes in itself", async () => {
    const { spikes, rateHz, positionsUm, noiseUv } = await simRawTruth();
    const match = matchSpikes(spikes, spikes, { rateHz, positionsUm });
    const score = scoreSpikes(spikes, spikes, match, { positionsUm, noiseUv, snrLimit: 8 });
    expect(score).toMatchObject({ nTrue: 5846, recall: 1, precision: 1, recallAbove: 1 });
    const { yUm } = spikes;
    const flat = Array.from(yUm).flatMap((y, i) => [spikes.xUm[i], y, spikes.zUm[i]]);
    expect(scoreLocations(spikes, match, flat, 3).n).toBe(5846);
  });
});
