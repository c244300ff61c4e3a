import { describe, expect, it } from "vitest";
import { changed, historyOf, redone, undone, withEdit, withoutEdit } from "../../src/app/editHistory.ts";
import type { MotionEdit } from "../../src/protocol/motionEdits.ts";

const zero: MotionEdit = { kind: "zero" };
const shift: MotionEdit = { kind: "shift", byUm: 2 };
const mask = (from: number, to: number, shank?: number): MotionEdit => ({
  kind: "mask",
  rangesSec: [[from, to]],
  ...(shank === undefined ? {} : { shank }),
});

describe("undo and redo", () => {
  it("go back and forth through lists, and a change forgets what was undone", () => {
    const two = changed(changed(historyOf([]), [zero]), [zero, shift]);
    expect(undone(two).now).toEqual([zero]);
    expect(undone(undone(two)).now).toEqual([]);
    expect(redone(undone(two))).toEqual(two);
    const other = changed(undone(two), [shift]);
    expect(other).toMatchObject({ now: [shift], future: [] });
    expect(undone(other).now).toEqual([zero]);
  });

  it("stay where they are at either end", () => {
    const start = historyOf([zero]);
    expect(undone(start)).toBe(start);
    expect(redone(start)).toBe(start);
  });
});

describe("the list", () => {
  it("joins masks that follow one another, of one shank, in the order of time", () => {
    const joined = withEdit(withEdit([zero], mask(8, 9)), mask(2, 3));
    expect(joined).toEqual([
      zero,
      {
        kind: "mask",
        rangesSec: [
          [2, 3],
          [8, 9],
        ],
      },
    ]); // the later drag lies earlier
    expect(withEdit([mask(1, 2), zero], mask(4, 5))).toHaveLength(3);
    expect(withEdit([mask(1, 2, 0)], mask(4, 5, 1))).toHaveLength(2);
  });

  it("loses one edit, or one range of a mask and the mask with its last", () => {
    const edits = withEdit(withEdit([zero], mask(2, 3)), mask(8, 9));
    const [, both] = edits;
    if (both.kind !== "mask") throw new Error("two masks make one");
    const one = withoutEdit(edits, 1, both.rangesSec[0]);
    expect(one).toEqual([zero, mask(8, 9)]);
    const [, last] = one;
    expect(withoutEdit(one, 1, last.kind === "mask" ? last.rangesSec[0] : null)).toEqual([zero]);
    expect(withoutEdit(edits, 0, null)).toEqual([both]);
  });
});
