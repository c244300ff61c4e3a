import { memory } from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { scoreMotion } from "../../src/core/motionScore.ts";
import {
  type SyntheticConfig,
  syntheticDefaults,
  syntheticSpikes,
  zigzagMotion,
} from "../../src/core/syntheticSpikes.ts";
import { checkParams, type Method, type MethodResult, type Yielded } from "../../src/methods/defineMethod.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";

/** What every motion method must do. `limitUm`: mean |error| allowed on each kind of imposed drift. */
export interface ContractSettings {
  params: ParamValues;
  /** what makes a run short where its result does not matter */
  short?: ParamValues;
  /** false for a method that draws nothing at random: every seed gives one result */
  usesSeed: boolean;
  /** true for a method that has a motion at every moment, so that a stopped run leaves one */
  keepsMotion: boolean;
  limitUm: { rigid: number; nonRigid: number };
}

const base: Omit<SyntheticConfig, "motion"> = {
  ...syntheticDefaults,
  durationSec: 240,
  nUnits: 90,
  rateHz: 2,
  depthUm: 1200,
};
const drifts = {
  rigid: zigzagMotion(50, 120, 0, base.depthUm),
  nonRigid: zigzagMotion(40, 120, 25, base.depthUm),
};

async function finish(method: Method, config: SyntheticConfig, params: ParamValues, seed: number) {
  const { spikes, truth } = syntheticSpikes(config);
  const events: Yielded[] = [];
  const context = { seed, signal: new AbortController().signal, wantsImage: () => false, resume: false };
  const run = method.run({ spikes, recording: null, waveforms: null }, checkParams(method, params), context);
  for (;;) {
    const next = await run.next();
    if (next.done) return { events, result: next.value as MethodResult, truth };
    events.push(next.value);
  }
}

export function motionContract(
  method: Method,
  { params, short, usesSeed, keepsMotion, limitUm }: ContractSettings,
): void {
  const quick = { ...params, ...short };
  it.each(["rigid", "nonRigid"] as const)("recovers imposed %s drift", async (kind) => {
    const { result, truth } = await finish(method, { ...base, motion: drifts[kind] }, params, 0);
    const score = scoreMotion(result.motion!, truth, { depthMarginUm: 50 });
    console.info(
      `${method.id}, ${kind} drift: mean |error| ${score.meanAbsUm.toFixed(2)} µm, r ${score.r.toFixed(4)}, gain ${score.gain.toFixed(3)}`,
    );
    expect(score.meanAbsUm).toBeLessThan(limitUm[kind]);
    expect(score.gain).toBeGreaterThan(0.85); // the sign: tissue that moved up is a positive displacement
    expect(result.complete).toBe(true);
  });

  it(`gives the same result for the same seed and ${usesSeed ? "another" : "the same"} for another`, async () => {
    const config = { ...base, motion: drifts.rigid };
    const [a, b, c] = [
      await finish(method, config, quick, 3),
      await finish(method, config, quick, 3),
      await finish(method, config, quick, 4),
    ];
    expect(a.result.motion!.displacementUm).toEqual(b.result.motion!.displacementUm);
    if (usesSeed) expect(a.result.motion!.displacementUm).not.toEqual(c.result.motion!.displacementUm);
    else expect(a.result.motion!.displacementUm).toEqual(c.result.motion!.displacementUm);
  });

  it("reports stages, monotone progress with a time left, and ends with all work done", async () => {
    const { events } = await finish(method, { ...base, motion: drifts.rigid }, quick, 0);
    expect(events.some((e) => e.kind === "stage")).toBe(true);
    const progress = events.filter((e) => e.kind === "progress");
    expect(progress.length).toBeGreaterThan(0);
    expect(progress.every((e, i) => i === 0 || e.done > progress[i - 1].done)).toBe(true);
    expect(progress.every((e) => e.secondsLeft >= 0 && e.ratePerSec > 0)).toBe(true);
    expect(progress.at(-1)).toMatchObject({ done: progress.at(-1)!.total, secondsLeft: 0 });
  });

  it("frees everything when it is aborted after the first event, and keeps what it has", async () => {
    const { spikes } = syntheticSpikes({ ...base, motion: drifts.rigid });
    const before = memory().numTensors;
    const controller = new AbortController();
    const context = { seed: 0, signal: controller.signal, wantsImage: () => true, resume: false };
    const run = method.run({ spikes, recording: null, waveforms: null }, checkParams(method, params), context);
    await run.next();
    controller.abort();
    let next = await run.next();
    while (!next.done) next = await run.next();
    expect(next.value.complete).toBe(false);
    expect(next.value.motion !== undefined).toBe(keepsMotion);
    expect(memory().numTensors).toBe(before);
  });

  it("frees everything when its caller walks away in the middle", async () => {
    const { spikes } = syntheticSpikes({ ...base, motion: drifts.rigid });
    const before = memory().numTensors;
    const context = { seed: 0, signal: new AbortController().signal, wantsImage: () => true, resume: false };
    const run = method.run({ spikes, recording: null, waveforms: null }, checkParams(method, params), context);
    for (let i = 0; i < 8 && !(await run.next()).done; i++);
    await run.return({ metrics: {}, summary: {}, complete: false });
    expect(memory().numTensors).toBe(before);
  });
}
