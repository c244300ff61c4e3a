import { afterEach, describe, expect, it } from "vitest";
import {
  methodGrid,
  methodTitle,
  showMethod,
  shownMethod,
  stackedMethods,
  toggleStacked,
  useStack,
} from "../../src/app/methodGrid.ts";
import { missingScores, useMethodScores } from "../../src/app/methodScores.ts";
import { methodCells } from "../../src/app/methodSync.ts";
import { activeMotion, addMotion, clearMotions, updateMotion } from "../../src/app/motions.ts";
import { usePositions } from "../../src/app/positions.ts";
import { setOutcomes, setSpikes } from "../../src/app/results.ts";
import { useView } from "../../src/app/viewStore.ts";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import type { StepResult } from "../../src/protocol/methods.ts";

const spikes: SpikeTable = {
  nSpikes: 2,
  timeSec: Float64Array.of(0.1, 0.2),
  depthUm: Float64Array.of(20, 40),
  ampUv: Float32Array.of(-50, -60),
};
const places = (depth: number) => Float32Array.of(1, depth, 3, 900, 5, depth + 20, 7, 900);
const step = (locations: Record<string, Float32Array>) => ({ method: "detect", locations }) as StepResult;
const motion = (um: number): Motion => ({
  displacementUm: Float64Array.of(um),
  timeBinCentersSec: Float64Array.of(0.5),
  depthBinCentersUm: Float64Array.of(100),
});

afterEach(() => {
  setSpikes(null, []);
  setOutcomes(null);
  clearMotions();
  usePositions.setState({ chosen: null, live: null });
  useMethodScores.setState({ scores: {}, job: null });
  useView.setState({ projectCorrected: true });
  useStack.setState({ chosen: null });
});

function open(): { dredge: string; medicine: string } {
  setSpikes(spikes, []);
  setOutcomes([step({ monopolar: places(20), "sln-cnn": places(30) })]);
  const from = { kind: "run", method: "dredge" } as const;
  const add = (title: string, um: number) => addMotion({ title, motion: motion(um), from: from as never });
  return { dredge: add("DREDge", 1), medicine: add("MEDiCINe", 2) };
}

describe("the grid of methods", () => {
  it("has a row for each set of positions, and a column for each shown motion after the raw one", () => {
    expect(methodGrid().cells).toEqual([]);
    const { medicine } = open();
    const { rows, columns, cells } = methodGrid();
    expect(rows.map(({ title }) => title)).toEqual(["monopolar", "CNN, fine-tuned"]);
    expect(columns.map(({ title }) => title)).toEqual(["raw", "DREDge", "MEDiCINe"]);
    expect(cells.map(methodTitle).slice(3)).toEqual([
      "CNN, fine-tuned, not corrected",
      "CNN, fine-tuned, corrected by DREDge",
      "CNN, fine-tuned, corrected by MEDiCINe",
    ]);
    updateMotion(medicine, { shown: false });
    expect(methodGrid().columns).toHaveLength(2);
    setOutcomes(null);
    expect(methodGrid().rows).toMatchObject([{ positions: null, title: "positions as opened" }]);
  });

  it("shows one cell, and a click swaps it for another with all ranges as they are", () => {
    const { dredge } = open();
    expect(methodTitle(shownMethod()!)).toBe("monopolar, corrected by MEDiCINe");
    const { ranges } = useView.getState();
    showMethod(methodGrid().cells[4]);
    expect(usePositions.getState().chosen).toBe("sln-cnn");
    expect(activeMotion()?.id).toBe(dredge);
    expect(shownMethod()?.key).toBe(methodGrid().cells[4].key);
    showMethod(methodGrid().cells[0]);
    expect(useView.getState()).toMatchObject({ projectCorrected: false, ranges });
    expect(methodTitle(shownMethod()!)).toBe("monopolar, not corrected");
    usePositions.setState({ chosen: null, live: { localizer: "sln-cnn", rows: null, xyza: places(30) } });
    expect(shownMethod()).toBeNull();
  });

  it("stacks every set corrected by the active motion, then the uncorrected ones, or what a person ticks", () => {
    open();
    const stacked = () => {
      const keys = stackedMethods();
      return methodGrid().cells.flatMap((cell) => (keys.has(cell.key) ? [methodTitle(cell)] : []));
    };
    const usual = ["monopolar, not corrected", "monopolar, corrected by MEDiCINe"];
    expect(stacked()).toEqual([...usual, "CNN, fine-tuned, corrected by MEDiCINe"]);
    toggleStacked(methodGrid().cells[5]);
    toggleStacked(methodGrid().cells[1]);
    expect(stacked()).toEqual([usual[0], "monopolar, corrected by DREDge", usual[1]]);
    expect(methodCells().cells.map(({ isStacked }) => isStacked)).toEqual([true, true, true, false, false, false]);
    for (const i of [0, 1, 2]) toggleStacked(methodGrid().cells[i]);
    expect(stacked()).toHaveLength(3);
  });

  it("keeps a number while positions, motion and the sets beside it are the same", () => {
    const { dredge } = open();
    const [raw, corrected] = methodGrid().cells;
    const score = { rho: 0.5, grid: null, matrix: null, problem: null };
    useMethodScores.setState({ scores: { [raw.key]: score, [corrected.key]: score } });
    expect(missingScores(false)).toHaveLength(4);
    expect(missingScores(true)).toHaveLength(6);
    expect(methodCells().cells.map(({ rho }) => rho)).toEqual([0.5, 0.5, ...new Array<number>(4).fill(Number.NaN)]);
    updateMotion(dredge, { motion: motion(7) });
    expect(missingScores(false)).toHaveLength(5);
    setOutcomes([{ ...step({ com: places(9) }), method: "localize" }]);
    expect(missingScores(false)).toHaveLength(9);
  });
});
