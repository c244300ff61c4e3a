import { beforeEach, describe, expect, it } from "vitest";
import { MOTION_COLOURS } from "../../src/app/motionColours.ts";
import { originInWords } from "../../src/app/motionSummary.ts";
import {
  activateMotion,
  activeMotion,
  addMotion,
  addReadMotions,
  clearMotions,
  markTruth,
  motionById,
  notedMotions,
  removeMotion,
  truthOf,
  updateMotion,
  useMotions,
} from "../../src/app/motions.ts";
import { getResults, subscribeResults } from "../../src/app/results.ts";
import type { Motion } from "../../src/core/types.ts";
import type { DatasetInfo } from "../../src/protocol/datasets.ts";

const motion = (um: number): Motion => ({
  displacementUm: Float64Array.of(0, um),
  timeBinCentersSec: Float64Array.of(0, 1),
  depthBinCentersUm: Float64Array.of(5),
});
const from = { kind: "file", format: "f", title: "SpikeInterface motion" } as const;
const add = (title: string, um = 1) => addMotion({ title, motion: motion(um), from });
const titles = () => useMotions.getState().entries.map((entry) => entry.title);
const active = () => activeMotion()?.title;
const truth = () => truthOf(useMotions.getState())?.title;

/** What the reader of a Motion folder says of one. */
const info = (folder: string, note?: DatasetInfo["note"]): DatasetInfo => ({
  format: "f",
  title: "SpikeInterface motion",
  kind: "motion",
  warnings: [],
  files: [{ path: `${folder}displacement_seg0.npy`, bytes: 1 }],
  durationSec: 1,
  ...(note ? { note } : {}),
});

beforeEach(clearMotions);

describe("the list of motions", () => {
  it("gives every entry a title and, while they last, a colour of its own", () => {
    for (let i = 0; i < MOTION_COLOURS.length; i++) add("DREDge");
    expect(titles().slice(0, 3)).toEqual(["DREDge", "DREDge 2", "DREDge 3"]);
    expect(new Set(useMotions.getState().entries.map((entry) => entry.colour)).size).toBe(MOTION_COLOURS.length);
    const [first, second] = useMotions.getState().entries;
    updateMotion(first.id, { title: "DREDge 2" });
    expect(titles()[0]).not.toBe(second.title);
    updateMotion(second.id, { title: "DREDge 2" }); // its own
    expect(titles()[1]).toBe("DREDge 2");
    updateMotion(second.id, { title: "  " });
    expect(titles()[1]).toBe("Motion");
  });

  it("keeps one active: the newest, the one chosen, or the newest left", () => {
    const [a, b] = [add("a"), add("b")];
    expect(active()).toBe("b");
    activateMotion(a);
    expect(active()).toBe("a");
    removeMotion(a);
    expect(active()).toBe("b");
    removeMotion(b);
    expect([active(), getResults().motion]).toEqual([undefined, null]);
  });

  it("tells whoever follows the results when the active motion is another, and not otherwise", () => {
    const a = add("a", 1);
    const b = add("b", 2);
    let calls = 0;
    const stop = subscribeResults("motion", () => calls++);
    updateMotion(a, { motion: motion(5), shown: false });
    updateMotion(b, { title: "c" });
    markTruth(a);
    expect(calls).toBe(0);
    updateMotion(b, { motion: motion(7) });
    expect([calls, getResults().motion?.displacementUm[1]]).toEqual([1, 7]);
    activateMotion(a);
    expect([calls, getResults().motion?.displacementUm[1]]).toEqual([2, 5]);
    stop();
  });

  it("forgets the truth with its entry, and knows nothing of an entry that is gone", () => {
    const a = add("a");
    markTruth(a);
    expect(truth()).toBe("a");
    removeMotion(a);
    updateMotion(a, { title: "back" });
    expect([truth(), titles(), motionById(a), motionById(null)]).toEqual([undefined, [], null, null]);
  });
});

describe("motions of a drop", () => {
  it("are all added, under the names of their folders; the first that is not the truth is active", () => {
    addReadMotions([
      { motion: motion(1), info: info("sim/truth/") },
      { motion: motion(2), info: info("run/motion/dredge/") },
      { motion: motion(3), info: info("run/motion/medicine/") },
      { motion: motion(4), info: info("") },
    ]);
    expect(titles()).toEqual(["truth", "dredge", "medicine", "SpikeInterface motion"]);
    expect([active(), truth()]).toEqual(["dredge", "truth"]);
  });

  it("leave the active one as it is when they are the truth alone, or become it when there is none", () => {
    addReadMotions([{ motion: motion(1), info: info("truth/") }]);
    expect(active()).toBe("truth");
    add("estimate");
    addReadMotions([{ motion: motion(2), info: info("other/truth/") }]);
    expect([active(), truth(), titles().at(-1)]).toEqual(["estimate", "truth 2", "truth 2"]);
  });

  it("are true where their reader says what moved the probe", () => {
    addReadMotions([
      { motion: motion(1), info: info("a/") },
      { motion: motion(2), info: { ...info("b/"), format: "imposed-motion" } },
    ]);
    expect([active(), truth()]).toEqual(["a", "b"]);
  });

  it("of a simulation are true wherever they lie in its folder, the first of several shanks", () => {
    addReadMotions([
      { motion: motion(1), info: info("sim/truth/motion/") },
      { motion: motion(2), info: info("sim/truth/motion_shank1/") },
      { motion: motion(3), info: info("monday/motion/") },
      { motion: motion(4), info: info("motion/") },
    ]);
    expect(titles()).toEqual(["truth", "motion_shank1", "monday", "SpikeInterface motion"]);
    expect([active(), truth()]).toEqual(["monday", "truth"]);
  });

  it("come back as the session that exported them knew them", () => {
    const a = add("read");
    const run = { kind: "run", method: "dredge", params: { binUm: 2 }, seed: 3, complete: false } as const;
    const b = addMotion({ title: "DREDge", motion: motion(2), from: run });
    addMotion({ title: "by hand", motion: motion(3), from: { kind: "edit", of: b } });
    markTruth(a);
    activateMotion(b);
    const noted = notedMotions();
    clearMotions();
    add("another session's");
    addReadMotions(noted.map((one) => ({ motion: one.motion, info: info("motion/x/", one.note) })));
    expect(titles()).toEqual(["another session's", "read", "DREDge", "by hand"]);
    expect([active(), truth()]).toEqual(["DREDge", "read"]);
    const [, , estimated, edited] = useMotions.getState().entries;
    expect(estimated.from).toEqual(run);
    expect(edited.from).toEqual({ kind: "edit", of: estimated.id });
    expect(useMotions.getState().entries.map((entry) => originInWords(entry, [], false))).toEqual([
      "SpikeInterface motion",
      "SpikeInterface motion",
      "dredge, stopped before its end",
      "edit of DREDge",
    ]);
    removeMotion(estimated.id);
    expect(originInWords(edited, [], false)).toBe("edit of a motion that was removed");
  });
});
