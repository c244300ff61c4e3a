import { describe, expect, it } from "vitest";
import { displacementAt } from "../../../src/core/motion.ts";
import { openSources } from "../../../src/io/open.ts";
import { npyBytes } from "../../../src/io/write/npy.ts";
import { kilosort4Files, paramsBytes } from "../../cases/sorterFiles.ts";
import { f8, motionOf, sourcesOf, spikesOf, utf8 } from "../support.ts";

const drift = (shift: number[], shape: number[], depths: number[], [before, after] = ["", ""]) => ({
  [`${before}dshift${after}.npy`]: npyBytes(shift, shape, "<f4"),
  [`${before}yblk${after}.npy`]: f8(depths),
});

describe("Kilosort's drift", () => {
  it("is a motion of the opposite sign, its batches timed by the rate beside it", async () => {
    const opened = await openSources(
      sourcesOf({
        ...drift([1, -2, 3, 4, 5, 6], [3, 2], [100, 300]),
        "params.py": paramsBytes({ sample_rate: "20000" }),
      }),
    );
    const motion = motionOf(opened);
    expect([...motion.displacementUm]).toEqual([-1, 2, -3, -4, -5, -6]);
    expect([...motion.timeBinCentersSec]).toEqual([1.5, 4.5, 7.5]);
    expect([...motion.depthBinCentersUm]).toEqual([100, 300]);
    expect(opened[0].info.warnings[0]).toContain("60000 samples at 20000 Hz (params.py)");
  });

  it("has the nominal rate where nothing says it, and any names around the words", async () => {
    const opened = await openSources(sourcesOf(drift([1, 2], [2, 1], [500], ["derived_ops_", "_um"])));
    expect([...motionOf(opened).timeBinCentersSec]).toEqual([1, 3]);
    expect(opened[0].info.warnings[0]).toContain("the nominal rate, as there is no params.py beside it");
  });

  it("opens beside the spikes it was estimated from, and then nothing is said of ops.npy", async () => {
    const files = { ...kilosort4Files(), "ops.npy": utf8("pickled") };
    const alone = await openSources(sourcesOf(files));
    const wish = alone[0].info.warnings.filter((text) => text.startsWith("ops.npy is a Python pickle"));
    expect(wish).toHaveLength(1);
    expect(wish[0]).toContain('numpy.save("dshift.npy", ops["dshift"])');
    const both = await openSources(sourcesOf({ ...files, ...drift([1], [1, 1], [10]) }));
    expect(both.map(({ kind }) => kind)).toEqual(["spikes", "motion"]);
    expect(both[0].info.warnings.filter((text) => text.includes("pickle"))).toEqual([]);
  });

  it("is put back where Kilosort had taken it off, and comes off again with its motion", async () => {
    const files = kilosort4Files();
    const stated = [0, 10.5, 21, 1.5, 12, 22.5];
    const expectStated = async (beside: ReturnType<typeof drift>) => {
      const opened = await openSources(sourcesOf({ ...files, ...beside }));
      const { depthUm, timeSec } = spikesOf(opened);
      const motion = motionOf(opened);
      const corrected = Array.from(depthUm, (depth, i) => depth - displacementAt(motion, timeSec[i], depth));
      expect(corrected).toEqual(stated.map((depth) => expect.closeTo(depth, 9)));
      return { depths: [...depthUm], warnings: opened[0].info.warnings };
    };
    const rigid = await expectStated(drift([-8], [1, 1], [10]));
    expect(rigid.depths).toEqual(stated.map((depth) => depth + 8));
    expect(rigid.warnings).toContain(
      "spike_positions.npy: Kilosort located these spikes after its own drift correction; dshift.npy (8 to 8 µm) was put back, so that depths are as recorded, and they are those of the file where its motion is taken off.",
    );
    await expectStated(drift([-8, 6], [1, 2], [0, 40]));
  });

  it("is not put back where it was exported by us", async () => {
    const exported = { ...drift([-8], [1, 1], [10]), "batch_times_sec.npy": f8([1]) };
    const opened = await openSources(sourcesOf({ ...kilosort4Files(), ...exported }));
    expect([...spikesOf(opened).depthUm]).toEqual([0, 10.5, 21, 1.5, 12, 22.5]);
  });
});
