import { describe, expect, it } from "vitest";
import { columnsOf, type MatchedTruth, matchTruth, scorePositions } from "../../src/core/positionTruth.ts";
import type { RecordingTruth } from "../../src/core/spikeScore.ts";
import type { SpikeTable } from "../../src/core/types.ts";

const positionsUm = [0, 20, 40, 60].map((y): [number, number] => [0, y]);

/** Two units, far apart: unit 0 rests at depth 10 and moves up by 2 µm a spike, unit 1 rests at 50 and stays. */
function truthOf(nEach: number): RecordingTruth {
  const rows = Array.from({ length: 2 * nEach }, (_, i) => ({ unit: i % 2, k: i >> 1 }));
  return {
    rateHz: 30000,
    positionsUm,
    unit: rows.map(({ unit }) => unit),
    spikes: {
      sample: rows.map((_, i) => 300 * i),
      segment: rows.map(() => 0),
      channel: rows.map(({ unit }) => (unit === 0 ? 0 : 2)),
      xUm: rows.map(({ unit }) => (unit === 0 ? 5 : 25)),
      yUm: rows.map(({ unit, k }) => (unit === 0 ? 10 + 2 * k : 50)),
      zUm: rows.map(() => 20),
      alpha: rows.map(() => 1000),
    },
  };
}

function detected({ spikes, rateHz }: RecordingTruth): SpikeTable {
  const nSpikes = spikes.sample.length;
  return {
    nSpikes,
    timeSec: Float64Array.from(spikes.sample, (s) => s / rateHz),
    depthUm: Float64Array.from(spikes.yUm),
    ampUv: new Float32Array(nSpikes).fill(-80),
    channel: Int32Array.from(spikes.channel),
    sampleIndex: Float64Array.from(spikes.sample),
  };
}

const { spikes: known, ...rest } = truthOf(6);
const truth = { ...rest, spikes: known };
const matched = matchTruth(truth, detected(truth)) as MatchedTruth;
const exact = { xUm: known.xUm, yUm: known.yUm, zUm: known.zUm };

describe("matching rows to the truth", () => {
  it("gives the true spike of each row, −1 for the others", () => {
    const found = detected(truth);
    found.sampleIndex![3] += 200; // nothing fired there
    found.sampleIndex![4] += 2;
    const { trueIndex } = matchTruth(truth, found)!;
    expect([...trueIndex]).toEqual([0, 1, 2, -1, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it("brings rows into the order of segments and samples first", () => {
    const segment = Int32Array.from(known.sample, (_, i) => (i < 6 ? 0 : 1));
    const twice = {
      ...truth,
      spikes: { ...known, segment, sample: Array.from(known.sample, (_, i) => 300 * (i % 6)) },
    };
    const inTime = detected(twice);
    const order = [6, 0, 7, 1, 8, 2, 9, 3, 10, 4, 11, 5]; // segments that overlap in time
    const { trueIndex } = matchTruth(twice, {
      ...inTime,
      sampleIndex: Float64Array.from(order, (i) => inTime.sampleIndex![i]),
      channel: Int32Array.from(order, (i) => inTime.channel![i]),
      segment: Int32Array.from(order, (i) => segment[i]),
    })!;
    expect([...trueIndex]).toEqual(order);
    const { sampleIndex: _, ...withoutSamples } = { ...inTime, segment };
    expect(matchTruth(twice, withoutSamples)).toBeNull();
  });

  it("does without samples and channels where times and positions tell", () => {
    const { sampleIndex: _, channel: __, ...bare } = detected(truth);
    expect([...matchTruth(truth, bare)!.trueIndex]).toEqual(Array.from(known.sample, (_, i) => i));
  });

  it("is null for spikes of something else", () => {
    const found = detected(truth);
    expect(matchTruth(truth, { ...found, sampleIndex: found.sampleIndex!.map((s) => s + 150) })).toBeNull();
    expect(matchTruth(truth, { ...found, channel: found.channel!.map(() => 4) })).toBeNull();
  });
});

describe("scoring positions", () => {
  it("finds nothing wrong with the truth", () => {
    expect(scorePositions(matched, exact)).toEqual({
      rmsUm: [0, 0, 0],
      medianUm: [0, 0, 0],
      unitBiasUm: [0, 0, 0],
      unitSdUm: [0, 0, 0],
      slipGain: 1,
      nMatched: 12,
      nUnits: 2,
    });
  });

  it("tells bias from spread", () => {
    // x: unit 0 is 3 µm off, unit 1 is 4 µm off the other way; z: ±2 µm about the truth
    const xUm = Array.from(known.xUm, (x, i) => (i % 2 === 0 ? x + 3 : x - 4));
    const zUm = Array.from(known.zUm, (z, i) => z + (i % 4 < 2 ? 2 : -2));
    const score = scorePositions(matched, { ...exact, xUm, zUm });
    expect(score.rmsUm).toEqual([Math.sqrt(12.5), 0, 2]);
    expect(score.medianUm).toEqual([3.5, 0, 2]);
    expect(score.unitBiasUm).toEqual([Math.sqrt(12.5), 0, 0]);
    expect(score.unitSdUm).toEqual([0, 0, 2]);
  });

  it("says how much of the motion depths follow", () => {
    const half = Array.from(known.yUm, (y, i) => (i % 2 === 0 ? 10 + (y - 10) / 2 : 53));
    const score = scorePositions(matched, { ...exact, yUm: half });
    expect(score.slipGain).toBeCloseTo(0.5, 12);
    expect(score.unitBiasUm[1]).toBeCloseTo(Math.sqrt((2.5 ** 2 + 3 ** 2) / 2), 12);
    expect(score.unitSdUm[1]).toBeCloseTo(Math.sqrt(35 / 12 / 2), 12); // 0, 1 … 5 in one of two units
  });

  it("leaves out what has no position, and units of a few spikes", () => {
    const none = Array.from(known.yUm, () => Number.NaN);
    const scored = scorePositions(matched, { xUm: null, yUm: none, zUm: known.zUm });
    expect(scored).toMatchObject({ rmsUm: [Number.NaN, Number.NaN, 0], slipGain: Number.NaN, nMatched: 0, nUnits: 0 });
    const few = truthOf(4);
    const score = scorePositions(matchTruth(few, detected(few))!, few.spikes);
    expect(score).toMatchObject({ rmsUm: [0, 0, 0], unitBiasUm: [Number.NaN, Number.NaN, Number.NaN], nUnits: 0 });
    const still = { ...truth, spikes: { ...known, yUm: Array.from(known.yUm, () => 10) } };
    expect(scorePositions(matchTruth(still, detected(still))!, still.spikes).slipGain).toBeNaN();
  });

  it("reads the table of a localizer", () => {
    const table = Array.from(known.xUm, (x, i) => [x, known.yUm[i], known.zUm[i] + 1, 500]).flat();
    expect(scorePositions(matched, columnsOf(table, 4)).rmsUm).toEqual([0, 0, 1]);
    const planar = Array.from(known.xUm, (x, i) => [x, known.yUm[i]]).flat();
    expect(scorePositions(matched, columnsOf(planar, 2)).rmsUm).toEqual([0, 0, Number.NaN]);
  });
});
