import { describe, expect, it } from "vitest";
import { openSources } from "../../../src/io/open.ts";
import { npyBytes } from "../../../src/io/write/npy.ts";
import { kilosort4Files, paramsBytes } from "../../cases/sorterFiles.ts";
import { f8, motionOf, sourcesOf, utf8 } from "../support.ts";

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
});
