import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeScratch } from "../../src/cli/nodeScratch.ts";
import { loadState } from "../../src/methods/detectLocalize/runState.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import type { Scratch } from "../../src/protocol/scratch.ts";
import { detect, type Finished, keptRecording, outcomeOf, stopAt } from "./detectRuns.ts";

const reader = keptRecording({ nChannels: 16, durationSec: 5, nSegments: 2, gapSec: 1, nUnits: 8, seed: 7 });
const params = { reference: "none" };
const folder = mkdtempSync(join(tmpdir(), "driftscope-resume-"));
let whole: Finished;

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
  whole = await detect(reader, { params, scratch: nodeScratch(join(folder, "whole")) });
  expect(whole.result.complete).toBe(true);
  expect(whole.result.spikes!.nSpikes).toBeGreaterThan(50);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A run that was stopped at half, in a scratch folder of its own. */
async function stopped(name: string): Promise<{ path: string; half: Finished }> {
  const path = join(folder, name);
  const half = await detect(reader, { params, scratch: nodeScratch(path), onEvent: stopAt(0.5) });
  expect(half.result.complete).toBe(false);
  expect(half.result.spikes!.nSpikes).toBeGreaterThan(10);
  expect(half.result.spikes!.nSpikes).toBeLessThan(whole.result.spikes!.nSpikes);
  return { path, half };
}

const resumed = (path: string) => detect(reader, { params, scratch: nodeScratch(path), resume: true });
/** Where the one run in a scratch stands. */
async function stateIn(scratch: Scratch, index = 0) {
  const run = await scratch.open((await scratch.runs())[index]);
  const saved = await loadState(run);
  await run.close();
  return saved?.state ?? null;
}
const stagesOf = ({ events }: Finished) => events.flatMap((e) => (e.kind === "stage" ? [e.name] : []));

describe("a stopped run", () => {
  it("keeps what it found: the first part of the whole", async () => {
    const { half } = await stopped("kept");
    const { spikes, locations } = half.result;
    const n = spikes!.nSpikes;
    expect(spikes!.timeSec).toEqual(whole.result.spikes!.timeSec.slice(0, n));
    expect(locations!.monopolar).toEqual(whole.result.locations!.monopolar.slice(0, 4 * n));
  });

  it("goes on where it was and ends as one that was never stopped, byte for byte", async () => {
    const { path, half } = await stopped("resumed");
    const scratch = nodeScratch(path);
    const { nSpikes } = half.result.spikes!;
    expect(await stateIn(scratch)).toMatchObject({ nSpikes, totalSec: 5, complete: false });
    const end = await resumed(path);
    expect(stagesOf(end)).toEqual(["search"]);
    const [first] = end.events.filter((e) => e.kind === "spikes");
    expect(first.spikes.nSpikes).toBe(nSpikes); // what was there is shown at once
    expect(await outcomeOf(end)).toEqual(await outcomeOf(whole));
    expect(await stateIn(scratch)).toMatchObject({ complete: true });
  });

  it("falls back to the state before when the last one is torn", async () => {
    const { path } = await stopped("torn");
    const [key] = await nodeScratch(path).runs();
    const states = [0, 1].map((i) => {
      const file = join(path, key, `state-${i}.json`);
      return { file, ...(JSON.parse(readFileSync(file, "utf8")) as { turn: number; state: { doneSec: number } }) };
    });
    const [older, newest] = states.sort((a, b) => a.turn - b.turn);
    expect(older.state.doneSec).toBeLessThan(newest.state.doneSec);
    truncateSync(newest.file, 1000);
    expect(await stateIn(nodeScratch(path))).toMatchObject({ doneSec: older.state.doneSec });
    const end = await resumed(path);
    expect(stagesOf(end)).toEqual(["search"]);
    expect(await outcomeOf(end)).toEqual(await outcomeOf(whole));
  });

  it("starts over when both states are torn", async () => {
    const { path } = await stopped("lost");
    const [key] = await nodeScratch(path).runs();
    for (const i of [0, 1]) truncateSync(join(path, key, `state-${i}.json`), 10);
    const end = await resumed(path);
    expect(stagesOf(end)).toContain("components");
    expect(await outcomeOf(end)).toEqual(await outcomeOf(whole));
  });

  it("forgets what was stored after the last state: a page that was closed in the middle", async () => {
    const path = join(folder, "closed");
    const copy = join(folder, "closed-copy");
    let nParts = 0;
    await detect(reader, {
      params,
      scratch: nodeScratch(path),
      onEvent: (event) => {
        if (event.kind === "spikes" && ++nParts === 3) cpSync(path, copy, { recursive: true });
      },
    });
    const end = await resumed(copy);
    expect(stagesOf(end)).toEqual(["search"]);
    expect(await outcomeOf(end)).toEqual(await outcomeOf(whole));
  });

  it("is not gone on with when the parameters, the seed or the recording changed", async () => {
    const { path, half } = await stopped("changed");
    const scratch = nodeScratch(path);
    const changed = { ...params, detect_threshold: 6 };
    const end = await detect(reader, { params: changed, scratch, resume: true });
    expect(stagesOf(end)).toContain("noise");
    const fresh = await outcomeOf(await detect(reader, { params: changed }));
    expect({ ...(await outcomeOf(end)), waveforms: null }).toEqual({ ...fresh, waveforms: null });
    const reseeded = await detect(reader, { params, scratch, seed: 1, resume: true });
    expect(stagesOf(reseeded)).toContain("noise");
    const states = await Promise.all([0, 1, 2].map((i) => stateIn(scratch, i)));
    const left = states.filter((state) => state?.complete === false);
    expect(left).toMatchObject([{ nSpikes: half.result.spikes!.nSpikes }]); // still there
  });

  it("starts over when it is not asked to go on", async () => {
    const { path } = await stopped("again");
    const again = await detect(reader, { params, scratch: nodeScratch(path) });
    expect(stagesOf(again)).toContain("noise");
    expect(await outcomeOf(again)).toEqual(await outcomeOf(whole));
  });

  it("that had ended is read back", async () => {
    const path = join(folder, "whole-copy");
    cpSync(join(folder, "whole"), path, { recursive: true });
    const end = await resumed(path);
    expect(stagesOf(end)).toEqual(["search"]);
    expect(end.events.filter((e) => e.kind === "progress")).toEqual([]); // nothing was looked at again
    expect(await outcomeOf(end)).toEqual(await outcomeOf(whole));
  });

  it("that was stopped before it looked for spikes returns nothing and leaves nothing", async () => {
    const scratch = nodeScratch(join(folder, "early"));
    const early = await detect(reader, { params, scratch, onEvent: (_event, stop) => stop() });
    expect(early.result).toEqual({ metrics: {}, summary: {}, complete: false });
    expect(stagesOf(early)).toEqual(["channels"]);
    expect(await scratch.runs()).toEqual([]);
  });
});
