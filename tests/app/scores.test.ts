import { beforeEach, describe, expect, it, vi } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import type { Motion } from "../../src/core/types.ts";
import type { Scoreboard, ScoreboardEvent, ScoreboardRequest, ScoreRow } from "../../src/protocol/scoreboard.ts";

/** Stands for the compute worker: a scoreboard says and becomes what the test wants. */
type Work = (request: ScoreboardRequest, say: (event: ScoreboardEvent) => void) => Promise<Scoreboard>;
let work: Work;
const cancelled: string[] = [];
const compute = {
  scoreboard: (_id: string, request: ScoreboardRequest, say: (event: ScoreboardEvent) => void) => work(request, say),
  cancel: async (id: string) => void cancelled.push(id),
};
vi.mock("../../src/app/clients.ts", () => ({
  withCompute: (call: (api: typeof compute) => unknown) => call(compute),
}));

const { addMotion, clearMotions, markTruth, updateMotion, useMotions } = await import("../../src/app/motions.ts");
const { setOutcomes, setSpikes } = await import("../../src/app/results.ts");
const { isOutdated, positionNames, scoresAsCsv, startScores, startScoresSync, stopScores, useScores } = await import(
  "../../src/app/scores.ts"
);

const motion: Motion = {
  displacementUm: Float64Array.of(0, 1),
  timeBinCentersSec: Float64Array.of(0, 1),
  depthBinCentersUm: Float64Array.of(5),
};
const add = (title: string) => addMotion({ title, motion, from: { kind: "file", format: "f", title: "t" } });
const row = (name: string | null, rho: number, changes: Partial<ScoreRow> = {}): ScoreRow => ({
  kind: name ? "corrected" : "uncorrected",
  label: name ? `corrected by ${name}` : "no correction",
  positions: "monopolar",
  motion: name,
  notPossible: null,
  grid: { binSec: 1, pitchUm: 4, sigmaUm: 4, xRangeUm: null, yRangeUm: [0, 100], nx: 1, ny: 26 },
  rho,
  deltaRho: rho - 0.2,
  entropyNats: 5,
  flatnessUm: 3,
  sdXUm: Number.NaN,
  sdZUm: Number.NaN,
  pitchLock: 0,
  nSpikes: 10,
  nBins: 2,
  truth: null,
  positionTruth: null,
  agreement: null,
  ...changes,
});
const board = (rows: ScoreRow[], complete = true): Scoreboard => {
  return { positions: ["monopolar"], rows, verdicts: [], comparisons: [], warnings: [], complete };
};
const outdated = () => isOutdated(useScores.getState(), useMotions.getState());

beforeEach(() => {
  clearMotions();
  cancelled.length = 0;
  useScores.setState({ state: "idle", rows: [], verdicts: [], board: null, error: null, positions: null });
});

describe("scores", () => {
  it("are asked for the shown motions but the truth, and fill row by row", async () => {
    const [a, b, hidden] = [add("a"), add("b"), add("hidden")];
    updateMotion(hidden, { shown: false });
    markTruth(b);
    const seen: unknown[] = [];
    work = async (request, say) => {
      seen.push(
        request.motions.map(({ name }) => name),
        request.truth?.name,
        request.positions,
      );
      say({ kind: "row", row: row(null, 0.2) });
      say({ kind: "progress", done: 1, total: 2, secondsLeft: 3 });
      say({ kind: "verdict", verdict: { positions: "", motion: "a", kind: "helps", sentence: "", cautions: [] } });
      const { rows, verdicts, done, state } = useScores.getState();
      seen.push([rows.length, verdicts.length, done, state]);
      return board([row(null, 0.2), row("a", 0.5)]);
    };
    useScores.setState({ positions: "monopolar" });
    await startScores();
    expect(seen).toEqual([["a"], "b", ["monopolar"], [1, 1, 1, "running"]]);
    expect(useScores.getState()).toMatchObject({ state: "done", verdicts: [], positions: "monopolar" });
    expect(useScores.getState().rows).toHaveLength(2);
    expect(outdated()).toBe(false);
    updateMotion(hidden, { shown: true });
    expect(outdated()).toBe(true);
    updateMotion(hidden, { shown: false });
    updateMotion(a, { motion: { ...motion } });
    expect(outdated()).toBe(true);
  });

  it("that were stopped keep their rows; a failure is a sentence", async () => {
    add("a");
    work = async () => {
      await stopScores();
      return board([row(null, 0.2)], false);
    };
    await startScores();
    expect(useScores.getState()).toMatchObject({ state: "stopped", rows: [{ rho: 0.2 }] });
    expect(cancelled).toHaveLength(1);
    work = async () => Promise.reject(new AppError("bad-data", "There are no spikes."));
    await startScores();
    expect(useScores.getState()).toMatchObject({ state: "failed", error: "There are no spikes.", rows: [] });
  });

  it("of other spikes go, also those that are still on their way", async () => {
    add("a");
    const stop = startScoresSync();
    work = async () => {
      setSpikes(null, []);
      return board([row("a", 0.5)]);
    };
    await startScores();
    expect(useScores.getState()).toMatchObject({ state: "idle", rows: [] });
    stop();
  });

  it("name the positions of the last step that located spikes", () => {
    setOutcomes(null);
    expect(positionNames()).toEqual([]);
    const locations = { monopolar: new Float32Array(), com: new Float32Array() };
    const step = { method: "x", params: {}, stageSeconds: {}, metrics: {}, summary: {}, complete: true };
    setOutcomes([
      { ...step, locations },
      { ...step, method: "y" },
    ]);
    expect(positionNames()).toEqual(["monopolar", "com"]);
  });

  it("are CSV under the columns of the command line, empty where there is no number", () => {
    const note = 'say "no", then';
    useScores.setState({ rows: [row(null, 0.2), row("DREDge", 0.5), row("b", Number.NaN, { notPossible: note })] });
    const [names, ...lines] = scoresAsCsv().trimEnd().split("\n");
    const at = (line: string, name: string) =>
      line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)[names.split(",").indexOf(name)];
    expect(names.split(",").slice(0, 4)).toEqual(["method", "apply_rho_bar", "apply_H_bar", "delta_rho_vs_mp_dredge"]);
    expect(lines.map((line) => at(line, "apply_rho_bar"))).toEqual(["0.2", "0.5", ""]);
    expect(at(lines[0], "delta_rho_vs_mp_dredge")).toBe("-0.3");
    expect(at(lines[0], "sd_x_um")).toBe("");
    expect(at(lines[2], "notes")).toBe('"say ""no"", then"');
    const published = scoresAsCsv("published").trimEnd().split("\n");
    expect(published[0].split(",")).toHaveLength(10);
    expect(at(published[1], "apply_rho_bar")).toBe("0.2");
    expect(published.at(-1)).toMatch(/^"as published: Transformer, all spikes, epoch 2",0\.641,8\.19,/);
  });
});
