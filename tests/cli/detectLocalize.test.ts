import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cli } from "./cliProcess.ts";

const work = mkdtempSync(join(tmpdir(), "driftscope-detect-cli-"));
const demo = join(work, "demo");
const whole = join(work, "whole");
afterAll(() => rmSync(work, { recursive: true }));

const detect = (out: string, ...more: string[]) => [
  ...["run", "detect-localize", "--input", demo, "--out", out, "--compute", "cpu", "--seed", "2"],
  ...["--set", "detect-localize.reference=none", ...more],
];

/** Every file of a folder of a run, by name. */
const filesOf = (out: string, folder: string) =>
  Object.fromEntries(readdirSync(join(out, folder)).map((name) => [name, readFileSync(join(out, folder, name))]));

beforeAll(async () => {
  const options = ["--channels", "48", "--duration", "12", "--units", "16", "--segments", "2", "--seed", "6"];
  expect((await cli(["demo", demo, ...options])).code).toBe(0);
}, 120_000);

describe("a recording on the command line, from the file to the score", () => {
  it("is searched, and leaves a run directory", async () => {
    const { code, stdout, stderr } = await cli(detect(whole));
    expect(code).toBe(0);
    const { complete, steps } = JSON.parse(stdout) as { complete: boolean; steps: { n_spikes: number }[] };
    expect([complete, steps.length]).toEqual([true, 1]);
    expect(steps[0].n_spikes).toBeGreaterThan(200);
    expect(stderr).toContain('"unit":"s of recording"');
    expect(readdirSync(join(whole, "locations")).sort()).toEqual([
      "com.npy",
      "grid.npy",
      "monopolar.npy",
      "peak-channel.npy",
    ]);
    for (const name of ["times_sec", "sample_index", "channel", "segment", "amplitude_uv"])
      expect(existsSync(join(whole, "spikes", `${name}.npy`)), name).toBe(true);
    expect(existsSync(join(whole, "waveforms", "coefficients.npy"))).toBe(true);
    expect(existsSync(join(whole, ".unfinished"))).toBe(false);
    const { inputs } = JSON.parse(readFileSync(join(whole, "provenance.json"), "utf8")) as { inputs: object[] };
    expect(inputs).toHaveLength(4); // two triggers, each with its description
  });

  it("is scored against its truth", async () => {
    const { code, stdout } = await cli(["score", whole, "--truth", join(demo, "truth")]);
    expect(code).toBe(0);
    const { spikes } = JSON.parse(stdout) as {
      spikes: { recall: number; precision: number; locations: { localizer: string; medianAbsUm: number[] }[] }[];
    };
    const [{ recall, precision, locations }] = spikes;
    console.info(`recall ${recall.toFixed(3)}, precision ${precision.toFixed(3)}`);
    expect(recall).toBeGreaterThan(0.85);
    expect(precision).toBeGreaterThan(0.8);
    const monopolar = locations.find(({ localizer }) => localizer === "monopolar")!;
    expect(monopolar.medianAbsUm[1]).toBeLessThan(5);
  });

  it("comes back as spikes when the run directory is opened", async () => {
    const { code, stdout } = await cli(["inspect", whole]);
    expect(code).toBe(0);
    const found = JSON.parse(stdout) as { kind: string; format: string; nSpikes: number };
    expect(found).toMatchObject({ kind: "spikes", format: "run-directory", warnings: [] });
    const npy = readFileSync(join(whole, "spikes", "times_sec.npy"));
    expect(npy.toString("latin1", 0, 128)).toContain(`(${found.nSpikes},)`);
  });

  it("goes on after interrupts and ends with the same files, byte for byte", async () => {
    const out = join(work, "interrupted");
    let doneBefore = 0;
    for (const more of [[], ["--resume"]]) {
      const stopped = await cli(detect(out, ...more), (line, interrupt) => {
        if (line.startsWith('{"kind":"progress"')) interrupt();
      });
      expect(stopped.code).toBe(130);
      const { complete, steps } = JSON.parse(stopped.stdout) as { complete: boolean; steps: { done_sec: number }[] };
      expect(complete).toBe(false);
      expect(steps[0].done_sec).toBeGreaterThan(doneBefore);
      expect(steps[0].done_sec).toBeLessThan(12);
      doneBefore = steps[0].done_sec;
      expect(existsSync(join(out, ".unfinished"))).toBe(true);
      expect(filesOf(out, "spikes")).not.toEqual(filesOf(whole, "spikes"));
    }
    const end = await cli(detect(out, "--resume"));
    expect(end.code).toBe(0);
    expect(end.stderr).not.toContain('"name":"noise"'); // what was measured is kept
    for (const folder of ["spikes", "locations", "waveforms"])
      expect(filesOf(out, folder), folder).toEqual(filesOf(whole, folder));
    expect(existsSync(join(out, ".unfinished"))).toBe(false);
  });
});
