import { describe, expect, it } from "vitest";
import { matchSpikes, scoreLocations, scoreSpikes, type TrueSpikes } from "../../src/core/spikeScore.ts";

const positionsUm = [0, 50, 100, 150, 400].map((y): [number, number] => [0, y]);
const options = { rateHz: 30000, positionsUm }; // 0.5 ms are 15 samples

function spikesAt(rows: [segment: number, sample: number, channel: number][]): TrueSpikes {
  const column = (k: number) => rows.map((row) => row[k]);
  return {
    segment: column(0),
    sample: column(1),
    channel: column(2),
    xUm: rows.map(() => 3),
    yUm: rows.map(([, , c]) => positionsUm[c][1] + 4),
    zUm: rows.map(() => 12),
    alpha: rows.map((_, i) => 13 * (i === 0 ? 100 : 50)), // peak 100 and 50 µV: the contact is 13 µm away
  };
}

describe("matching spikes to the truth", () => {
  it.each([
    ["the same sample", [[0, 100, 0]], [[0, 100, 0]], [0]],
    ["the last sample allowed", [[0, 100, 0]], [[0, 115, 0]], [0]],
    ["a sample too late", [[0, 100, 0]], [[0, 116, 0]], [-1]],
    ["a contact as far as allowed", [[0, 100, 0]], [[0, 100, 2]], [0]],
    ["a contact too far", [[0, 100, 0]], [[0, 100, 3]], [-1]],
    ["another segment", [[0, 100, 0]], [[1, 100, 0]], [-1]],
    [
      "two for one: the nearer in time",
      [[0, 100, 0]],
      [
        [0, 95, 0],
        [0, 102, 1],
      ],
      [1],
    ],
    [
      "two for one at the same time: the nearer in place",
      [[0, 100, 0]],
      [
        [0, 98, 1],
        [0, 102, 0],
      ],
      [1],
    ],
    [
      "one for two: the nearer in time, once",
      [
        [0, 100, 0],
        [0, 104, 0],
      ],
      [[0, 103, 0]],
      [-1, 0],
    ],
    [
      "two for two, although both prefer the same",
      [
        [0, 100, 0],
        [0, 104, 0],
      ],
      [
        [0, 103, 0],
        [0, 118, 0],
      ],
      [-1, 0],
    ],
    [
      "several segments",
      [
        [0, 100, 0],
        [1, 100, 0],
      ],
      [
        [0, 101, 0],
        [1, 99, 0],
      ],
      [0, 1],
    ],
  ] as [string, [number, number, number][], [number, number, number][], number[]][])("%s", (_, truth, found, match) => {
    expect([...matchSpikes(spikesAt(truth), spikesAt(found), options)]).toEqual(match);
  });

  it("reads detections without segments as one segment", () => {
    const { segment: _, ...found } = spikesAt([[0, 100, 0]]);
    expect([
      ...matchSpikes(
        spikesAt([
          [0, 100, 0],
          [1, 100, 0],
        ]),
        found,
        options,
      ),
    ]).toEqual([0, -1]);
  });
});

describe("scoring spikes", () => {
  const truth = spikesAt([
    [0, 100, 0],
    [0, 500, 1],
    [0, 900, 2],
  ]);
  const found = spikesAt([
    [0, 101, 0],
    [0, 300, 1],
    [0, 499, 1],
    [0, 700, 4],
  ]);
  const match = matchSpikes(truth, found, options);

  it("counts what was found, and what of the strong ones", () => {
    expect([...match]).toEqual([0, 2, -1]);
    expect(scoreSpikes(truth, found, match, { positionsUm, noiseUv: 10, snrLimit: 8 })).toEqual({
      nTrue: 3,
      nDetected: 4,
      nMatched: 2,
      recall: 2 / 3,
      precision: 2 / 4,
      f1: 4 / 7,
      snrLimit: 8,
      nTrueAbove: 1,
      recallAbove: 1,
    });
  });

  it("measures positions of matched spikes, those it has", () => {
    const rows = [
      [4, 4, 10, 1],
      [0, 0, 0, 0],
      [3, 57, Number.NaN, 1],
      [0, 0, 0, 0],
    ];
    expect(scoreLocations(truth, match, rows.flat(), 4)).toEqual({
      n: 2,
      medianAbsUm: [0.5, 1.5, 2],
      p95AbsUm: [0.95, expect.closeTo(2.85, 12), 2],
    });
    expect(scoreLocations(truth, match, [0, 4, 0, 4, 0, 4, 0, 4], 2).medianAbsUm[2]).toBeNaN();
  });
});
