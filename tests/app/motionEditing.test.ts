import { beforeEach, describe, expect, it } from "vitest";
import {
  addCurve,
  addEdit,
  addEdits,
  addMask,
  redoEdit,
  removeEdit,
  resetEdits,
  startEditing,
  startEditSync,
  stopEditing,
  undoEdit,
  useMotionEditing,
} from "../../src/app/motionEditing.ts";
import { editInWords } from "../../src/app/motionEditWords.ts";
import {
  activateMotion,
  activeMotion,
  addMotion,
  clearMotions,
  removeMotion,
  useMotions,
} from "../../src/app/motions.ts";
import { getResults } from "../../src/app/results.ts";
import { useView } from "../../src/app/viewStore.ts";
import type { Motion } from "../../src/core/types.ts";
import { applyEdits, type MotionEdit } from "../../src/protocol/motionEdits.ts";
import { motionOf, rigid } from "../core/motionEdits/curves.ts";

const bumpy = () => rigid([0, 2, 90, 91, 8, 8]);
const open = (motion: Motion = bumpy()) =>
  addMotion({ title: "DREDge", motion, from: { kind: "file", format: "x", title: "X" } });
const values = () => [...(getResults().motion?.displacementUm ?? [])];
const edits = (): readonly MotionEdit[] | undefined => {
  const from = activeMotion()?.from;
  return from?.kind === "edit" ? from.edits : undefined;
};
const titles = () => useMotions.getState().entries.map(({ title }) => title);

beforeEach(() => {
  clearMotions();
  useMotionEditing.setState({ id: null, tool: "clean", shank: null, depth: "nearest", problem: null, sessions: {} });
});

describe("editing the active motion", () => {
  it("works on a copy that is the active one, with its edits beside it", () => {
    const id = open();
    startEditing();
    expect(titles()).toEqual(["DREDge", "DREDge (edited)"]);
    addEdit({ kind: "clean", maxSpeedUmPerSec: 30, smoothSec: 0 });
    expect(values()).toEqual([0, 2, 4, 6, 8, 8]);
    expect(activeMotion()!.from).toEqual({
      kind: "edit",
      of: id,
      edits: [{ kind: "clean", maxSpeedUmPerSec: 30, smoothSec: 0 }],
    });
    expect([...useMotions.getState().entries[0].motion.displacementUm]).toEqual([0, 2, 90, 91, 8, 8]);
  });

  it("undoes, redoes, takes out one edit of several, resets and takes that back", () => {
    open(rigid([0, 2, 90, 91, 8, 30]));
    startEditing();
    addEdit({ kind: "shift", byUm: 10 });
    addMask(2, 4);
    expect(values()).toEqual([10, 12, 14, 16, 18, 40]);
    undoEdit();
    expect(values()).toEqual([10, 12, 100, 101, 18, 40]);
    undoEdit();
    undoEdit();
    expect(values()).toEqual([0, 2, 90, 91, 8, 30]);
    redoEdit();
    redoEdit();
    redoEdit();
    removeEdit(0, null);
    expect(values()).toEqual([0, 2, 4, 6, 8, 30]);
    resetEdits();
    expect(edits()).toEqual([]);
    undoEdit();
    expect(values()).toEqual([0, 2, 4, 6, 8, 30]);
  });

  it("draws at the depth of the nearest curve, at one depth, or at all", () => {
    open(
      motionOf([
        [0, 50],
        [0, 50],
        [0, 50],
      ]),
    );
    startEditing();
    const curve = { timeSec: [0, 3], displacementUm: [40, 40] };
    const at = { timeSec: 0, displacementUm: 40 };
    addCurve(curve, at);
    expect(edits()![0]).toMatchObject({ kind: "curve", depthUm: 100 });
    useMotionEditing.setState({ depth: "all" });
    addCurve(curve, at);
    useMotionEditing.setState({ depth: 0 });
    addCurve(curve, at);
    expect(edits()!.map((edit) => edit.kind === "curve" && edit.depthUm)).toEqual([100, null, 0]);
    expect(values()).toEqual([40, 60, 40, 60, 40, 60]);
  });

  it("says why an edit cannot be made, and leaves everything as it was", () => {
    open();
    startEditing();
    addMask(9, 8);
    expect(useMotionEditing.getState().problem).toBe("No time bin of this motion has its middle within 8 – 9 s.");
    addMask(-1, 99);
    expect(useMotionEditing.getState().problem).toContain("leave some of it to interpolate from");
    expect(edits()).toEqual([]);
    addMask(2, 4);
    expect(useMotionEditing.getState().problem).toBeNull();
  });

  it("edits the chosen shank", () => {
    open({ ...rigid([5, 5]), byShank: [rigid([0, 0]), rigid([10, 10])] });
    startEditing();
    useMotionEditing.setState({ shank: 1 });
    addEdit({ kind: "shift", byUm: 4 });
    expect(edits()).toEqual([{ kind: "shift", byUm: 4, shank: 1 }]);
    expect(values()).toEqual([7, 7]);
  });

  it("leaves no copy behind that was never changed", () => {
    const id = open();
    startEditing();
    stopEditing();
    expect(titles()).toEqual(["DREDge"]);
    expect(activeMotion()!.id).toBe(id);
    startEditing();
    addEdit({ kind: "zero" });
    stopEditing();
    expect(titles()).toEqual(["DREDge", "DREDge (edited)"]);
  });

  it("goes on with an edited motion, undo included", () => {
    open();
    startEditing();
    addEdit({ kind: "zero" });
    stopEditing();
    startEditing();
    expect(titles()).toEqual(["DREDge", "DREDge (edited)"]);
    undoEdit();
    expect(values()).toEqual([0, 2, 90, 91, 8, 8]);
  });

  it("goes on with one that was saved, from its original, or from itself where that is another", () => {
    const made: MotionEdit[] = [{ kind: "shift", byUm: 3 }];
    const id = open();
    const saved = addMotion({
      title: "saved",
      motion: applyEdits(bumpy(), made),
      from: { kind: "edit", of: id, edits: made },
    });
    startEditing();
    removeEdit(0, null);
    expect(values()).toEqual([0, 2, 90, 91, 8, 8]);
    undoEdit();
    stopEditing();
    removeMotion(id);
    useMotionEditing.setState({ sessions: {} });
    activateMotion(saved);
    startEditing();
    addEdit({ kind: "shift", byUm: 1 });
    expect(values()).toEqual([4, 6, 94, 95, 12, 12]);
    expect(edits()).toEqual([...made, { kind: "shift", byUm: 1 }]);
  });

  it("takes a whole list at once, as one step", () => {
    open();
    startEditing();
    addEdits([{ kind: "shift", byUm: 1 }, { kind: "zero" }]);
    undoEdit();
    expect(edits()).toEqual([]);
  });

  it("is seen by the pictures: the original, the shank and the masks", () => {
    const stop = startEditSync();
    const id = open();
    expect(useView.getState().editing).toBeNull();
    startEditing();
    addMask(2, 4);
    expect(useView.getState().editing).toEqual({ originalId: id, shank: null, maskedSec: [[2, 4]] });
    undoEdit();
    expect(useView.getState().editing?.maskedSec).toEqual([]);
    stopEditing();
    expect(useView.getState().editing).toBeNull();
    stop();
  });

  it("ends when another motion becomes the active one", () => {
    const id = open();
    const stop = startEditSync();
    startEditing();
    addEdit({ kind: "zero" });
    activateMotion(id);
    expect(useMotionEditing.getState().id).toBeNull();
    startEditing();
    expect(titles()).toHaveLength(3);
    clearMotions();
    expect(useMotionEditing.getState()).toMatchObject({ id: null, sessions: {} });
    stop();
  });
});

describe("edits in words", () => {
  it.each([
    [{ kind: "clean", maxSpeedUmPerSec: 30, smoothSec: 0 }, "cleaned above 30 µm/s"],
    [{ kind: "clean", maxSpeedUmPerSec: 12.5, smoothSec: 2 }, "cleaned above 12.5 µm/s, smoothed by 2 s"],
    [
      {
        kind: "mask",
        rangesSec: [
          [1, 2.257],
          [3, 4],
        ],
        shank: 2,
      },
      "masked 1 – 2.26 s, 3 – 4 s (shank 2)",
    ],
    [{ kind: "curve", timeSec: [9, 1], displacementUm: [0, 0], depthUm: 120 }, "curve over 1 – 9 s, 120 µm"],
    [{ kind: "curve", timeSec: [-1], displacementUm: [0], depthUm: null }, "curve over −1 – −1 s, all depths"],
    [{ kind: "smooth", sigmaSec: 0.5 }, "smoothed by 0.5 s"],
    [{ kind: "zero" }, "median of each depth at 0"],
    [{ kind: "shift", byUm: -2 }, "shifted by −2 µm"],
    [{ kind: "resample", binSec: 2, nDepths: 1 }, "bins of 2 s, 1 depth"],
    [{ kind: "resample", binSec: 0, nDepths: 0 }, "bins as they are"],
  ] satisfies [MotionEdit, string][])("%j", (edit, words) => {
    expect(editInWords(edit)).toBe(words);
  });
});
