import { scoreMotion } from "../../src/core/motionScore.ts";
import type { Motion } from "../../src/core/types.ts";
import { checkParams, type MethodResult } from "../../src/methods/defineMethod.ts";
import { methods } from "../../src/methods/registry.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";
import { type DriftSet, generatedSet, realSet, realSetAgainstMedicine, simulatedSet } from "../driftSets.ts";

/** What is run on a set: steps one after the other, each given the motion of the one before. */
interface Contestant {
  title: string;
  steps: { method: string; preset?: string; params?: ParamValues }[];
}

const contestants: Contestant[] = [
  { title: "none", steps: [] },
  { title: "DREDge", steps: [{ method: "dredge" }] },
  { title: "Gradient motion", steps: [{ method: "gradient-motion" }] },
  {
    title: "DREDge, refined by gradient motion",
    steps: [{ method: "dredge" }, { method: "gradient-motion", preset: "refine" }],
  },
  { title: "Iterative template", steps: [{ method: "iterative-template" }] },
  { title: "Decentralized", steps: [{ method: "decentralized" }] },
  { title: "MEDiCINe, quick", steps: [{ method: "medicine", preset: "quick" }] },
  { title: "MEDiCINe", steps: [{ method: "medicine" }] },
];

const sets: Record<string, () => DriftSet | Promise<DriftSet>> = {
  rigid: () => simulatedSet("rigid_zigzag"),
  nonrigid: () => simulatedSet("nonrigid_zigzag_bumps"),
  jump: () => generatedSet("jump"),
  walk: () => generatedSet("walk"),
  bumps: () => generatedSet("bumps"),
  fast: () => generatedSet("fast"),
  real: realSet,
  "real-medicine": realSetAgainstMedicine,
};

export interface AccuracyRow {
  set: string;
  title: string;
  rmseUm: number;
  r: number;
  gain: number;
  meanAbsUm: number;
  /** of all steps: on the clock, and of all threads together */
  seconds: number;
  processorSeconds: number;
}

async function runStep(set: DriftSet, step: Contestant["steps"][number], given?: Motion): Promise<Motion> {
  const method = methods.find((m) => m.id === step.method)!;
  const preset = method.presets.find((p) => p.id === step.preset)?.params;
  const { spikes, probe, durationSec } = set;
  const inputs = { spikes, recording: null, waveforms: null, probe, durationSec, motion: given };
  const context = { seed: 0, signal: new AbortController().signal, wantsImage: () => false, resume: false };
  const run = method.run(inputs, checkParams(method, { ...preset, ...step.params }), context);
  let next = await run.next();
  while (!next.done) next = await run.next();
  return (next.value as MethodResult).motion!;
}

const still: Motion = {
  displacementUm: new Float64Array(2),
  timeBinCentersSec: Float64Array.from([0, 1e9]),
  depthBinCentersUm: new Float64Array(1),
};

/** Every contestant whose methods exist, on every named set; rows as they come. Names: keys of `sets`, titles in part. */
export async function* motionAccuracy(
  setNames: readonly string[],
  titles: readonly string[],
): AsyncGenerator<AccuracyRow> {
  await chooseCompute("cpu", () => undefined);
  const known = (c: Contestant) => c.steps.every((s) => methods.some((m) => m.id === s.method));
  const wanted = (c: Contestant) => titles.length === 0 || titles.includes(c.title);
  for (const name of setNames.length > 0 ? setNames : Object.keys(sets)) {
    const set = await sets[name]();
    for (const contestant of contestants.filter((c) => known(c) && wanted(c))) {
      const started = performance.now();
      const used = process.cpuUsage();
      let motion: Motion | undefined;
      for (const step of contestant.steps) motion = await runStep(set, step, motion);
      const seconds = (performance.now() - started) / 1000;
      const { user, system } = process.cpuUsage(used);
      const { rmseUm, r, gain, meanAbsUm } = scoreMotion(motion ?? still, set.truth, set);
      yield {
        set: set.name,
        title: contestant.title,
        rmseUm,
        r,
        gain,
        meanAbsUm,
        seconds,
        processorSeconds: (user + system) / 1e6,
      };
    }
  }
}
