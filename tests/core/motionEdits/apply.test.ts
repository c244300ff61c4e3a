import { describe, expect, it } from "vitest";
import { cleanMotion } from "../../../src/core/motionEdits/clean.ts";
import type { Motion } from "../../../src/core/types.ts";
import { applyEdits, type MotionEdit, parseMotionEdits } from "../../../src/protocol/motionEdits.ts";
import { motionOf, rigid } from "./curves.ts";

const every: MotionEdit[] = [
  { kind: "clean", maxSpeedUmPerSec: 30, smoothSec: 1 },
  { kind: "mask", rangesSec: [[1, 2]] },
  { kind: "curve", timeSec: [0, 2], displacementUm: [3, 4], depthUm: null },
  { kind: "smooth", sigmaSec: 2 },
  { kind: "shift", byUm: 3 },
  { kind: "resample", binSec: 0.5, nDepths: 2 },
  { kind: "zero" },
];

describe("a list of edits", () => {
  it("is applied in its order and leaves the motion it is given as it was", () => {
    const motion = motionOf([
      [0, 1],
      [90, 2],
      [0, 1],
      [5, 5],
    ]);
    const before = structuredClone(motion);
    expect(applyEdits(motion, [])).toBe(motion);
    const once = applyEdits(motion, every);
    expect(once).toEqual(every.reduce((edited, edit) => applyEdits(edited, [edit]), motion));
    expect(motion).toEqual(before);
    expect(applyEdits(motion, [every[0]])).toEqual(cleanMotion(motion, 30, 1));
  });

  it.each([
    ["one bin", rigid([4])],
    ["two bins", rigid([4, 400])],
    [
      "nothing that moves",
      motionOf([
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
      ]),
    ],
  ])("gives numbers for a motion of %s", (_, motion) => {
    for (const edit of every.filter(({ kind }) => kind !== "mask")) {
      const { displacementUm } = applyEdits(motion, [edit]);
      expect(displacementUm.length).toBeGreaterThan(0);
      expect(displacementUm.every(Number.isFinite)).toBe(true);
    }
  });

  it("edits every shank, or one, and the mean over shanks follows", () => {
    const shanks = [rigid([0, 0, 0]), rigid([10, 90, 10])];
    const motion: Motion = { ...rigid([5, 45, 5]), byShank: shanks };
    const edit: MotionEdit = { kind: "mask", rangesSec: [[1, 2]] };
    const all = applyEdits(motion, [{ kind: "shift", byUm: 2 }, edit]);
    expect(all.byShank!.map((one) => [...one.displacementUm])).toEqual([
      [2, 2, 2],
      [12, 12, 12],
    ]);
    expect([...all.displacementUm]).toEqual([7, 7, 7]);
    const one = applyEdits(motion, [{ kind: "shift", byUm: 4, shank: 0 }]);
    expect(one.byShank![1]).toBe(shanks[1]);
    expect([...one.displacementUm]).toEqual([7, 47, 7]);
    const finer = applyEdits(motion, [{ kind: "resample", binSec: 0.5, nDepths: 0 }]);
    expect([...finer.displacementUm]).toEqual([5, 25, 45, 25, 5]);
  });

  it("survives JSON", () => {
    const text = JSON.stringify({ driftscope: 1, of: "DREDge", edits: every });
    expect(parseMotionEdits(text, "edits.json")).toEqual(every);
  });

  it.each([
    ["{", "edits.json: expected JSON, found text that cannot be parsed."],
    ["[]", 'edits.json: expected edits of a motion, an object with a list "edits", found none.'],
    ['{"edits":[{"kind":"zero"},{"kind":"bend"}]}', 'found {"kind":"bend"} at place 1 (counting from 0).'],
    ['{"edits":[{"kind":"toString"}]}', "at place 0"],
    ['{"edits":[{"kind":"shift","byUm":null}]}', "expected an edit (clean, mask, curve,"],
    ['{"edits":[{"kind":"mask","rangesSec":[[2,1]]}]}', "at place 0"],
    ['{"edits":[{"kind":"curve","timeSec":[1],"displacementUm":[],"depthUm":null}]}', "at place 0"],
    ['{"edits":[{"kind":"zero","shank":-1}]}', "at place 0"],
  ])("of %s says what is wrong", (text, sentence) => {
    expect(() => parseMotionEdits(text, "edits.json")).toThrow(sentence);
  });
});
