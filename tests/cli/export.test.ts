import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { cli } from "./cliProcess.ts";

const work = mkdtempSync(join(tmpdir(), "driftscope-export-"));
const demo = join(work, "demo");
const to = (name: string) => ["--out", join(work, name)];

beforeAll(async () => {
  const short = ["--peaks", "--duration", "20", "--units", "10"];
  expect((await cli(["demo", demo, ...short])).code).toBe(0); // also builds the command line when it is stale
}, 120_000);

describe("the command export", () => {
  it("writes a motion_info folder and says what it assumed, or why it left the peaks out", async () => {
    const { code, stdout } = await cli(["export", demo, "--as", "motion-info", ...to("info"), "--rate-hz", "30000"]);
    expect(code).toBe(0);
    const { files, notes } = JSON.parse(stdout);
    expect(files.map(({ path }: { path: string }) => path)).toContain("motion/displacement_seg0.npy");
    expect(notes.join(" ")).toContain(
      "peaks.npy and peak_locations.npy are left out. Expected the channel of each spike",
    );
    expect(JSON.parse(readFileSync(join(work, "info/parameters.json"), "utf8")).sampling_frequency).toBe(30_000);
    expect(existsSync(join(work, "info/motion/spikeinterface_info.json"))).toBe(true);
  });

  it("fails in one sentence where what is there lacks what the form needs", async () => {
    const { code, stderr } = await cli(["export", demo, "--as", "probeinterface", ...to("probe")]);
    expect(code).toBe(1);
    expect(JSON.parse(stderr.trim().split("\n").at(-1) ?? "").error).toMatchObject({
      code: "bad-data",
      message:
        "Expected a recording or spikes that say where their contacts lie, or a probeinterface .json beside them, found none.",
    });
  });

  it.each([
    [["export", demo, "--as", "phy", "--out", work], "--as is one of probeinterface, peaks, motion-info"],
    [["export", demo, "--as", "peaks"], "--out is required"],
    [["export", demo, "--as", "peaks", "--out", work, "--rate-hz", "0"], "--rate-hz expects a number above 0"],
    [["export", "--as", "peaks", "--out", work], "export needs at least one path"],
  ])("%j is wrong usage", async (args, sentence) => {
    const { code, stderr } = await cli(args);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
  });
});
