import { describe, expect, it } from "vitest";
import { anchorPositions } from "../../src/core/scoreboard/controls.ts";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import { positionSetsOf } from "../../src/methods/scoreboard/positionSets.ts";
import { runScoreboard } from "../../src/methods/scoreboard/runScoreboard.ts";
import { scoreboard } from "../../src/methods/scoreboard/scoreboard.ts";
import type { NamedMotion, Scoreboard, ScoreboardEvent, ScoreboardRequest } from "../../src/protocol/scoreboard.ts";
import { type DriftingUnits, driftingUnits, rigidMotion, zigzag } from "../core/driftingUnits.ts";

const DURATION_SEC = 100;
const truly = zigzag(50, 50);
const drifting = driftingUnits({ drift: truly, durationSec: DURATION_SEC });

const named = (name: string, at: (t: number) => number): NamedMotion => ({
  name,
  motion: rigidMotion(DURATION_SEC, at),
});

async function scored(
  data: Pick<DriftingUnits, "spikes" | "probe">,
  request: Partial<ScoreboardRequest>,
  onEvent: (event: ScoreboardEvent) => void = () => undefined,
  signal = new AbortController().signal,
): Promise<Scoreboard> {
  return runScoreboard(data.spikes, null, data.probe, { motions: [], truth: null, ...request }, signal, onEvent);
}

const verdicts = ({ verdicts }: Scoreboard) => verdicts.map(({ motion, kind }) => `${motion}: ${kind}`);

describe("the verdict of a scoreboard", () => {
  it("tells a good motion from none, half, one that is not there and one of the wrong sign", async () => {
    const board = await scored(drifting, {
      motions: [
        named("true", truly),
        named("none", () => 0),
        named("half", (t) => truly(t) / 2),
        named("another", zigzag(30, 33)),
        named("turned", (t) => -truly(t)),
      ],
      truth: named("imposed", truly),
    });
    expect(verdicts(board)).toEqual([
      "true: helps",
      "none: does-not-help",
      "half: helps",
      "another: does-not-help",
      "turned: does-not-help",
    ]);
    const [good, none, , , turned] = board.verdicts;
    expect(good.sentence).toMatch(
      /^Correction helps: ρ̄ 0\.\d{3} → 0\.\d{3}, .* Against the truth: rms error 0\.00 µm, r 1\.000/,
    );
    expect(none.sentence).toMatch(/the estimate moves by 0\.0 µm only, the raster by about \d+ µm peak to peak/);
    expect(turned.sentence).toMatch(/with its sign turned it would/);
    expect(good.cautions).toEqual([]);
  });

  it("finds little motion where there is little", async () => {
    for (const [size, seed] of [
      [0, 1],
      [2, 2],
      [3, 3],
    ]) {
      const data = driftingUnits({ drift: zigzag(size, 50), durationSec: DURATION_SEC, seed });
      const board = await scored(data, {
        motions: [named("right", zigzag(size, 50)), named("none", () => 0), named("too much", zigzag(25, 20))],
      });
      expect(verdicts(board), `${size} µm`).toEqual([
        "right: little-motion",
        "none: little-motion",
        "too much: does-not-help",
      ]);
      expect(board.verdicts[0].sentence).toMatch(/^There is under 5 µm of motion/);
      expect(board.verdicts[2].sentence).toMatch(/the raster moves by under 5 µm as it is, the estimate by 2\d µm/);
    }
  });

  it("is not taken in by positions on their anchors", async () => {
    const found = anchorPositions(drifting.spikes.channel, drifting.probe);
    const anchor = "positions" in found ? found.positions : null;
    const spikes: SpikeTable = { ...drifting.spikes, depthUm: anchor!.yUm, xUm: anchor!.xUm!, zUm: anchor!.zUm! };
    const board = await scored({ spikes, probe: drifting.probe }, { motions: [named("true", truly)] });
    expect(verdicts(board)).toEqual(["true: does-not-help"]);
    const cautions = board.verdicts[0].cautions.join(" ");
    expect(cautions).toMatch(/pitch lock 1\.00/);
    expect(cautions).toMatch(/Lateral positions hardly differ/);
  });

  it("helps with motion along depth that differs along the probe", async () => {
    const growing = driftingUnits({ drift: () => 0, durationSec: DURATION_SEC });
    const times = rigidMotion(DURATION_SEC, truly).timeBinCentersSec;
    const motion: Motion = {
      timeBinCentersSec: times,
      depthBinCentersUm: Float64Array.of(0, 1000),
      displacementUm: Float64Array.from([...times].flatMap((t) => [0.2 * truly(t), truly(t)])),
    };
    const { timeSec, depthUm } = growing.spikes;
    const moved = depthUm.map((y, i) => y + truly(timeSec[i]) * (0.2 + 0.0008 * y));
    const board = await scored(
      { ...growing, spikes: { ...growing.spikes, depthUm: moved } },
      { motions: [{ name: "true", motion }] },
    );
    expect(verdicts(board)).toEqual(["true: helps"]);
  });

  it("says that it cannot be judged, and why", async () => {
    const few = driftingUnits({ drift: truly, durationSec: DURATION_SEC, nUnits: 1, rateHz: 1 });
    expect((await scored(few, { motions: [named("true", truly)] })).verdicts[0]).toMatchObject({
      kind: "cannot-be-judged",
      sentence: expect.stringMatching(/^This cannot be judged: (2 time bins|too few spikes)/),
    });
    const short = driftingUnits({ drift: truly, durationSec: 5 });
    expect((await scored(short, { motions: [named("true", truly)] })).verdicts[0].sentence).toBe(
      "This cannot be judged: 5 time bins, at least 10 are needed.",
    );
    const away = await scored(drifting, { motions: [named("away", () => 1e5)] });
    expect(away.verdicts[0].sentence).toMatch(/the motion moves \d+ of \d+ spikes off the grid/);
  });
});

describe("a scoreboard", () => {
  it("has every row with its grid, and numbers wherever they exist", async () => {
    const board = await scored(drifting, { motions: [named("true", truly)], truth: named("imposed", truly) });
    expect(board.rows.map(({ kind }) => kind)).toEqual([
      "uncorrected",
      "true-motion",
      "corrected",
      "sign-turned",
      "anchor",
      "x-constant",
      "shrink",
      "shrink",
    ]);
    for (const row of board.rows) {
      expect(row.grid).toMatchObject({ binSec: 1, pitchUm: 4, sigmaUm: 4 });
      const { rho, deltaRho, entropyNats, flatnessUm, sdXUm, sdZUm, pitchLock } = row;
      const numbers = [rho, deltaRho, entropyNats, flatnessUm, sdXUm, sdZUm, pitchLock];
      expect(numbers.every(Number.isFinite), row.label).toBe(true);
    }
    const of = (kind: string) => board.rows.find((row) => row.kind === kind)!;
    expect(of("corrected").deltaRho).toBeGreaterThan(0.3);
    expect(of("corrected").rho).toBe(of("true-motion").rho);
    // what ρ̄ rewards: an axis thrown away
    expect(of("x-constant").rho).toBeGreaterThan(of("corrected").rho);
    expect(of("corrected").truth).toMatchObject({ rmseUm: 0, gain: 1 });
    expect(of("anchor").truth).toBeNull();
    expect(board.comparisons).toMatchObject([{ a: "true", b: "imposed", rmsUm: 0 }]);
    expect(board).toMatchObject({ complete: true, warnings: [], positions: ["as opened"] });
  });

  it("says what is not possible without channels, contacts or lateral positions", async () => {
    const { timeSec, depthUm, ampUv, nSpikes } = drifting.spikes;
    const spikes: SpikeTable = { nSpikes, timeSec, depthUm, ampUv };
    const board = await runScoreboard(
      spikes,
      null,
      undefined,
      { motions: [named("true", truly)], truth: null },
      new AbortController().signal,
      () => undefined,
    );
    expect(board.rows.filter(({ notPossible }) => notPossible).map(({ kind }) => kind)).toEqual([
      "anchor",
      "x-constant",
      "shrink",
      "shrink",
    ]);
    expect(board.rows[0].grid.xRangeUm).toBeNull();
    expect(verdicts(board)).toEqual(["true: helps"]);
  });

  it("scores the positions of every localizer, and warns of spikes that have none", async () => {
    const { spikes, probe } = drifting;
    const table = new Float32Array(4 * spikes.nSpikes);
    spikes.timeSec.forEach((_, i) => {
      table.set([spikes.xUm![i], spikes.depthUm[i], Number.NaN, 1], 4 * i);
    });
    table.fill(Number.NaN, 0, 8);
    const positions = positionSetsOf(spikes, { monopolar: table, com: table, other: new Float32Array(8) });
    expect(positions.map(({ name }) => name)).toEqual(["monopolar", "com"]);
    expect(positions[0].zUm).toBeNull();
    const events = scoreboard(
      { spikes, probe, positions },
      { motions: [], truth: null, positions: ["com"] },
      new AbortController().signal,
    );
    let next = await events.next();
    while (!next.done) next = await events.next();
    expect(next.value.warnings).toEqual([`2 of ${spikes.nSpikes} spikes have no position in "com" and take no part.`]);
    expect(next.value.rows.map((row) => row.positions)).toEqual(["com"]);
    const wrong = scoreboard(
      { spikes, positions },
      { motions: [], truth: null, positions: ["x"] },
      new AbortController().signal,
    );
    await expect(wrong.next()).rejects.toThrow('There are no positions called "x"; there are monopolar, com.');
  });

  it("reports progress that never falls and ends at the whole", async () => {
    const done: number[] = [];
    let total = 0;
    await scored(drifting, { motions: [named("true", truly)] }, (event) => {
      if (event.kind !== "progress") return;
      done.push(event.done);
      total = event.total;
    });
    expect(done.every((v, i) => i === 0 || v >= done[i - 1])).toBe(true);
    expect(done.at(-1)).toBe(total);
  });

  it("stops where it is told to, with what it had", async () => {
    const stop = new AbortController();
    const board = await scored(
      drifting,
      { motions: [named("true", truly)] },
      (event) => {
        if (event.kind === "row") stop.abort();
      },
      stop.signal,
    );
    expect(board.complete).toBe(false);
    expect(board.rows).toHaveLength(1);
  });

  it("holds motions against a truth that is shorter, or that they never meet", async () => {
    const part: Motion = {
      timeBinCentersSec: Float64Array.of(20, 40, 60),
      displacementUm: Float64Array.of(20, 40, 60).map((t) => truly(t)),
      depthBinCentersUm: Float64Array.of(0),
    };
    const board = await scored(drifting, {
      motions: [named("true", truly)],
      truth: { name: "waypoints", motion: part },
    });
    expect(board.warnings).toEqual([
      'The truth "waypoints" covers 20.0 to 60.0 s, the motion "true" 0.5 to 99.5 s: errors are those of the time they share.',
    ]);
    expect(board.rows.find(({ kind }) => kind === "corrected")!.truth!.overlapSec).toEqual([20.5, 59.5]);
    const later = { ...part, timeBinCentersSec: part.timeBinCentersSec.map((t) => t + 1000) };
    const apart = await scored(drifting, { motions: [named("true", truly)], truth: { name: "later", motion: later } });
    expect(apart.warnings[0]).toMatch(/share no time and cannot be compared/);
    expect(apart.verdicts[0].sentence).toMatch(/The truth shares no time with this motion\.$/);
    expect(apart.comparisons[0]).toMatchObject({ overlapSec: null, rmsUm: Number.NaN });
  });

  it("ends in numbers or one sentence for odd spikes", async () => {
    const request = { motions: [named("true", truly)], truth: null };
    const signal = new AbortController().signal;
    const odd = (depths: number[], times: number[]): SpikeTable => ({
      nSpikes: depths.length,
      timeSec: Float64Array.from(times),
      depthUm: Float64Array.from(depths),
      ampUv: new Float32Array(depths.length),
    });
    for (const spikes of [
      odd([5], [0]),
      odd([5, 5, 5], [0, 1, 50]),
      odd([Number.NaN, Number.NaN], [0, 1]),
      odd([0, 1e6], [0, 1]),
      odd(
        Array.from({ length: 2000 }, () => 7),
        Array.from({ length: 2000 }, (_, i) => i / 20),
      ),
    ]) {
      const board = await runScoreboard(spikes, null, undefined, request, signal, () => undefined);
      expect(board.verdicts[0].kind).toMatch(/cannot-be-judged|does-not-help/);
      expect(board.verdicts[0].sentence).not.toMatch(/NaN|undefined|Infinity/);
    }
    await expect(runScoreboard(odd([], []), null, undefined, request, signal, () => undefined)).rejects.toThrow(
      /^There are no spikes to score a motion on/,
    );
    await expect(runScoreboard(null, null, undefined, request, signal, () => undefined)).rejects.toThrow(/no spikes/);
  });
});
