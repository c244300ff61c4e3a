import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { run } from "../../src/cli/commands/run.ts";
import { syntheticDefaults, syntheticSpikes, zigzagMotion } from "../../src/core/syntheticSpikes.ts";
import { npyBytes } from "../../src/io/write/npy.ts";
import { metaBytes } from "../cases/spikeglxFiles.ts";
import { fieldRecording } from "../methods/fieldRecording.ts";

const folder = mkdtempSync(join(tmpdir(), "driftscope-estimators-"));
const [spikesFolder, rawFolder] = ["spikes", "raw"].map((name) => join(folder, name));

function write(into: string, files: Record<string, Uint8Array>): void {
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(into, name), bytes);
}

beforeAll(async () => {
  const { mkdirSync } = await import("node:fs");
  mkdirSync(spikesFolder);
  mkdirSync(rawFolder);
  const motion = zigzagMotion(40, 60, 0, 600);
  const { spikes } = syntheticSpikes({ ...syntheticDefaults, durationSec: 60, nUnits: 40, depthUm: 600, motion });
  write(spikesFolder, {
    "peak_times.npy": npyBytes(spikes.timeSec, [spikes.nSpikes], "<f8"),
    "peak_depths.npy": npyBytes(spikes.depthUm, [spikes.nSpikes], "<f8"),
    "peak_amplitudes.npy": npyBytes(spikes.ampUv, [spikes.nSpikes], "<f4"),
  });
  const nChannels = 100;
  const { recording, readSamples } = fieldRecording({ motion: () => 0, durationSec: 3 });
  const lf = new Uint8Array((await readSamples(0, 0, recording.segments[0].nSamples)).buffer);
  const sites = Array.from({ length: nChannels }, (_, c) => `(0:${c % 2}:${c >> 1}:1)`).join("");
  const map = { "~snsShankMap": `(1,2,480)${sites}` };
  const lfKeys = { snsApLfSy: `0,${nChannels},1`, snsSaveChanSubset: "100:199,200", imSampRate: 2500 };
  write(rawFolder, {
    "run_g0_t0.imec0.lf.bin": lf,
    "run_g0_t0.imec0.lf.meta": metaBytes({ ...map, ...lfKeys, fileSizeBytes: lf.length }, nChannels),
    "run_g0_t0.imec0.ap.bin": lf,
    "run_g0_t0.imec0.ap.meta": metaBytes({ ...map, fileSizeBytes: lf.length }, nChannels),
  });
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

/** Run it in this process. Returns what it printed to stderr. */
async function runQuietly(args: string[]): Promise<string> {
  let said = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += text;
    return true;
  });
  await run([...args, "--compute", "cpu"]);
  vi.restoreAllMocks();
  return said;
}

describe("estimators on the command line", () => {
  it("leave detection out of a recipe where spikes were given, and say so", async () => {
    const out = join(folder, "kilosort");
    const said = await runQuietly(["kilosort_like", "--input", spikesFolder, "--out", out]);
    expect(said).toContain(
      'The input holds spikes (MEDiCINe peaks) and no recording: the step \\"detect-localize\\" is left out and theirs are used.',
    );
    expect(existsSync(join(out, "motion/iterative-template/displacement_seg0.npy"))).toBe(true);
    const recipe = JSON.parse(readFileSync(join(out, "recipe.json"), "utf8")) as { steps: { method: string }[] };
    expect(recipe.steps.map(({ method }) => method)).toEqual(["iterative-template"]);
  });

  it("take the LF recording for DREDge (LFP), and leave its motion without spikes", async () => {
    const out = join(folder, "lfp");
    await runQuietly(["dredge-lfp:slow", "--input", rawFolder, "--out", out, "--set", "dredge-lfp.max_disp_um=100"]);
    expect(existsSync(join(out, "motion/dredge-lfp/displacement_seg0.npy"))).toBe(true);
    expect(existsSync(join(out, "spikes"))).toBe(false);
    const provenance = JSON.parse(readFileSync(join(out, "provenance.json"), "utf8")) as { inputs: { path: string }[] };
    expect(provenance.inputs[0].path).toMatch(/lf\./);
  });

  it("refuse a recipe that needs both bands", async () => {
    const recipe = join(folder, "both.json");
    const steps = ["detect-localize", "dredge-lfp"].map((method) => ({ method, params: {} }));
    writeFileSync(recipe, JSON.stringify({ driftscope: 1, title: "both", seed: 0, steps }));
    await expect(run([recipe, "--input", rawFolder, "--out", join(folder, "both")])).rejects.toThrow(
      "The recipe computes from both bands of a recording (detect-localize, dredge-lfp)",
    );
  });
});
