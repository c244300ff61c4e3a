import { describe, expect, it } from "vitest";
import { displacementAt } from "../../src/core/motion.ts";
import { syntheticRecording } from "../../src/core/syntheticRecording.ts";
import { memorySource } from "../../src/io/byteSource.ts";
import { openSources } from "../../src/io/open.ts";
import { readSpikeTruth } from "../../src/io/truth.ts";
import { npyBytes } from "../../src/io/write/npy.ts";
import { syntheticTruthFiles } from "../../src/io/write/syntheticTruth.ts";
import { zipBytes } from "../../src/io/write/zip.ts";
import { checkReader, f8, motionOf, sourcesOf, utf8 } from "./support.ts";

const waypoints = {
  "manip.positions.npy": f8([0, 50, 0]),
  "manip.timestamps_p1.npy": f8([100, 150, 200]),
};
const simulated = {
  "motion_time_s.npy": f8([0, 1, 2]),
  "motion_common_um.npy": f8([0, 20, -10]),
  "motion_grad_um.npy": f8([0, 40, 80]),
  "info.json": utf8(JSON.stringify({ ymid_um: 500, L_um: 1000, seed: 3 })),
};
const zipped = (files: Record<string, Uint8Array>) =>
  zipBytes(Object.entries(files).map(([path, bytes]) => ({ path, bytes })));

describe("motions that are known", () => {
  it("keep the contract of readers", async () => {
    await checkReader("imposed-motion", waypoints, zipped(waypoints));
    await checkReader("simulated-motion", simulated, zipped(simulated));
  });

  it("are linear between the waypoints of a manipulator, and flat outside", async () => {
    const motion = motionOf(await openSources(sourcesOf(waypoints)));
    expect([90, 100, 125, 150, 175, 200, 999].map((t) => displacementAt(motion, t, 1234))).toEqual([
      0, 0, 25, 50, 25, 0, 0,
    ]);
  });

  it("come in a row or in a column, for every probe that has times", async () => {
    const opened = await openSources(
      sourcesOf({
        "manip.positions.npy": npyBytes([0, 50], [1, 2], "<f4"),
        "manip.timestamps_p1.npy": f8([1, 2], [2, 1]),
        "manip.timestamps_p2.npy": f8([3, 4]),
      }),
    );
    expect(opened.map(({ info }) => [info.title, info.timeRangeSec])).toEqual([
      ["Imposed motion (p1)", [1, 2]],
      ["Imposed motion (p2)", [3, 4]],
    ]);
  });

  it("of simulated peaks put every observed depth back where it rests", async () => {
    const motion = motionOf(await openSources(sourcesOf(simulated)));
    for (const rest of [0, 130, 500, 970]) {
      for (const [t, common, growth] of [
        [0, 0, 0],
        [1, 20, 40],
        [2, -10, 80],
      ]) {
        const observed = rest + common + (growth * (rest - 500)) / 1000;
        if (observed < 0 || observed > 1000) continue; // beyond the probe lookup is flat
        expect(observed - displacementAt(motion, t, observed)).toBeCloseTo(rest, 9);
      }
    }
  });
});

describe("the truth of a simulated recording", () => {
  const truthOf = (shanks: "together" | "apart") => {
    const made = syntheticRecording({ probe: "np2-4shank", nChannels: 48, durationSec: 2, nUnits: 8, seed: 1, shanks });
    const files = syntheticTruthFiles("sim/truth", made).map(({ path, bytes }) => memorySource(path, bytes));
    return { made, truth: readSpikeTruth(files), bare: files.filter(({ path }) => !path.includes("motion")) };
  };
  it("says which unit fired and how the tissue moved", async () => {
    const { made, truth, bare } = truthOf("together");
    const found = (await truth)!;
    expect([...(found.unit as Float64Array)]).toEqual([...made.truth.trains.unit]);
    expect(found.motion).toEqual(made.truth.motions[0]);
    expect((await readSpikeTruth(bare))!.motion).toBeUndefined();
    expect(await readSpikeTruth([])).toBeNull();
  });
  it("has a motion of its own for each shank that moved apart", async () => {
    const { made, truth } = truthOf("apart");
    expect((await truth)!.motion!.byShank).toEqual(made.truth.motions);
  });
});
