import { describe, expect, it } from "vitest";
import type { RecordingTruth } from "../../src/core/spikeScore.ts";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import { positionSetsOf } from "../../src/methods/scoreboard/positionSets.ts";
import { runCorrelationMatrix, runScoreboard } from "../../src/methods/scoreboard/runScoreboard.ts";
import { scoreboard } from "../../src/methods/scoreboard/scoreboard.ts";
import { bare, drifting, named, scored, truly, verdicts } from "./scoreboardRuns.ts";

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

  it("holds the positions of a simulated recording against its true spikes", async () => {
    const { spikes, probe } = drifting;
    const n = spikes.nSpikes;
    const truth: RecordingTruth = {
      rateHz: 30000,
      positionsUm: probe.positionsUm,
      unit: new Int32Array(n),
      spikes: {
        sample: spikes.timeSec.map((t) => Math.round(30000 * t)),
        segment: new Int32Array(n),
        channel: spikes.channel!,
        xUm: spikes.xUm!.map((x) => x - 3),
        yUm: spikes.depthUm,
        zUm: spikes.zUm!,
        alpha: new Float64Array(n).fill(1000),
      },
    };
    const board = await scored(drifting, { motions: [named("true", truly)] }, undefined, undefined, truth);
    const [uncorrected, corrected] = board.rows;
    expect(uncorrected.positionTruth!.nMatched).toBeGreaterThan(0.99 * n);
    expect(uncorrected.positionTruth!.unitBiasUm[0]).toBeCloseTo(3, 9);
    expect(uncorrected.positionTruth!.slipGain).toBeCloseTo(1, 2);
    expect(corrected.positionTruth).toEqual(uncorrected.positionTruth); // before correction
    const anchor = board.rows.find(({ kind }) => kind === "anchor")!;
    expect(anchor.positionTruth!.rmsUm[0]).toBeGreaterThan(20);
    const anHourLater = Array.from(truth.spikes.sample, (s) => s + 30000 * 3600);
    const others = { ...truth, spikes: { ...truth.spikes, sample: anHourLater } };
    const unmatched = await scored(drifting, {}, undefined, undefined, others);
    expect(unmatched.warnings[0]).toMatch(/^None of these spikes is among the true spikes/);
    expect(unmatched.rows[0].positionTruth).toBeNull();
  });

  it("says what is not possible without channels, contacts or lateral positions", async () => {
    const { timeSec, depthUm, ampUv, nSpikes } = drifting.spikes;
    const spikes: SpikeTable = { nSpikes, timeSec, depthUm, ampUv };
    const board = await runScoreboard(
      { spikes, found: null, probe: undefined },
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
    expect(next.value.rows.map((row) => `${row.positions} ${row.kind}`)).toEqual(
      ["uncorrected", "anchor", "x-constant", "shrink", "shrink"].map((kind) => `com ${kind}`),
    );
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

  it("shows the correlations behind a ρ̄, with and without the motion", async () => {
    const given = { spikes: drifting.spikes, found: null, probe: drifting.probe };
    const signal = new AbortController().signal;
    const { motion } = named("true", truly);
    const board = await scored(drifting, { motions: [{ name: "true", motion }] });
    for (const [of, kind] of [
      [null, "uncorrected"],
      [motion, "corrected"],
    ] as const) {
      const found = await runCorrelationMatrix(given, { motion: of }, signal, () => undefined);
      const { values, nBins, grid } = found!;
      const row = board.rows.find((one) => one.kind === kind)!;
      expect(grid).toEqual(row.grid);
      const sum = values.reduce((a, b) => a + b, 0) - nBins;
      expect(sum / (nBins * (nBins - 1))).toBeCloseTo(row.rho, 5);
      expect(found!.rho).toBe(row.rho);
      const few = (await runCorrelationMatrix(given, { motion: of, mostRows: 7 }, signal, () => undefined))!;
      expect(few).toMatchObject({ rho: row.rho, nRows: 7, binsPerRow: Math.ceil(nBins / 7) });
      expect(few.values).toHaveLength(49);
      const none = (await runCorrelationMatrix(given, { motion: of, mostRows: 0 }, signal, () => undefined))!;
      expect(none).toMatchObject({ rho: row.rho, nRows: 0 });
      expect(found!.entropyNats.reduce((a, b) => a + b, 0) / nBins).toBeCloseTo(row.entropyNats, 10);
    }
    const stop = new AbortController();
    expect(await runCorrelationMatrix(given, { motion }, stop.signal, () => stop.abort())).toBeNull();
    const fine = { binSec: 0.01 };
    await expect(runCorrelationMatrix(given, { motion, grid: fine }, signal, () => undefined)).rejects.toThrow(
      /^Expected at most 8000 time bins for a picture of their correlations, found \d+; take longer bins than 0\.01 s\.$/,
    );
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
      const board = await runScoreboard(bare(spikes), request, signal, () => undefined);
      expect(board.verdicts[0].kind).toMatch(/cannot-be-judged|does-not-help/);
      expect(board.verdicts[0].sentence).not.toMatch(/NaN|undefined|Infinity/);
    }
    await expect(runScoreboard(bare(odd([], [])), request, signal, () => undefined)).rejects.toThrow(
      /^There are no spikes to score a motion on/,
    );
    await expect(runScoreboard(bare(null), request, signal, () => undefined)).rejects.toThrow(/no spikes/);
  });
});
