import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parseArgs } from "../../src/cli/args.ts";
import { cli } from "./cliProcess.ts";

const work = mkdtempSync(join(tmpdir(), "driftscope-cli-"));
const demo = join(work, "demo");
const quick = ["--set", "medicine.batch_size=256", "--set", "medicine.activity_network_hidden_features=32,32"];

beforeAll(async () => {
  expect((await cli(["demo", demo, "--peaks"])).code).toBe(0); // also builds the command line when it is stale
}, 120_000);

describe("the command line", () => {
  it("inspects what is there: the spikes and, beside them, the true motion", async () => {
    const { code, stdout } = await cli(["inspect", demo]);
    expect(code).toBe(0);
    const found = JSON.parse(stdout) as { kind: string; format: string; nSpikes?: number }[];
    expect(found.map((f) => f.kind)).toEqual(["spikes", "motion"]);
    expect(found[0]).toMatchObject({ format: "medicine-peaks", has: ["times", "depths", "amplitudes"] });
    expect(found[0].nSpikes).toBeGreaterThan(50_000);
  });

  it("lists the methods with parameters, defaults and units", async () => {
    const methods = JSON.parse((await cli(["methods"])).stdout) as { id: string; params: Record<string, unknown> }[];
    const estimators = [
      "dredge",
      "medicine",
      "iterative-template",
      "decentralized",
      "gradient-motion",
      "lateral-drift",
    ];
    expect(methods.map(({ id }) => id)).toEqual([
      "detect-localize",
      "localize",
      "sln-pretrain",
      "sln-joint",
      ...estimators,
      "dredge-lfp",
      "clean-motion",
    ]);
    expect(methods.find(({ id }) => id === "medicine")?.params.motion_bound).toMatchObject({
      default: 800,
      unit: "µm",
    });
  });

  it("runs, writes the run directory, and scores it against the truth", async () => {
    const out = join(work, "run");
    const settings = [
      ...quick,
      "--set",
      "medicine.training_steps=400",
      "--set",
      "medicine.motion_noise_steps=150",
      "--set",
      "medicine.learning_rate=0.004",
    ];
    const { code, stdout, stderr } = await cli([
      "run",
      "medicine",
      "--input",
      ...["peak_times", "peak_depths", "peak_amplitudes"].map((n) => join(demo, `${n}.npy`)),
      "--out",
      out,
      "--compute",
      "cpu",
      "--seed",
      "7",
      ...settings,
    ]);
    expect(stderr).toContain('"kind":"progress"');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ complete: true, compute: { mode: "cpu" } });
    for (const file of [
      "recipe.json",
      "provenance.json",
      "log.jsonl",
      "metrics.json",
      "spikes/times_sec.npy",
      "locations/imported.npy",
      "motion/medicine/spikeinterface_info.json",
      "motion/medicine/motion.npy",
      "motion/medicine/medicine_parameters.json",
      "corrected/imported+medicine.npy",
      "figures/corrected_motion_raster.svg",
    ]) {
      expect(existsSync(join(out, file)), file).toBe(true);
    }
    expect(JSON.parse(readFileSync(join(out, "recipe.json"), "utf8"))).toMatchObject({ driftscope: 1, seed: 7 });
    const scored = await cli(["score", out, "--truth", join(demo, "truth"), "--out", join(work, "score")]);
    const { rows } = JSON.parse(scored.stdout) as { rows: { r: number; rmseUm: number }[] };
    expect(rows).toHaveLength(1);
    expect(rows[0].r).toBeGreaterThan(0.9);
    expect(rows[0].rmseUm).toBeLessThan(10);
    expect(readFileSync(join(work, "score/scoreboard.csv"), "utf8").split("\n")[0]).toContain("rmseUm");
    // the same recipe again, from the file it left
    const again = join(work, "again");
    expect(
      (await cli(["run", join(out, "recipe.json"), "--input", demo, "--out", again, "--compute", "cpu"])).code,
    ).toBe(0);
    const motion = (dir: string) => readFileSync(join(dir, "motion/medicine/displacement_seg0.npy"));
    expect(motion(again).equals(motion(out))).toBe(true);
  });

  it("keeps what was finished when it is interrupted, and exits 130", async () => {
    const out = join(work, "interrupted");
    const { code, stdout } = await cli(
      ["run", "medicine", "--input", demo, "--out", out, "--compute", "cpu", ...quick],
      (line, interrupt) => {
        if (line.includes('"kind":"progress"')) interrupt();
      },
    );
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ complete: false });
    expect(JSON.parse(readFileSync(join(out, "provenance.json"), "utf8"))).toMatchObject({ complete: false });
    expect(existsSync(join(out, "motion/medicine/displacement_seg0.npy"))).toBe(true);
  });

  it.each([
    [["inspect", "/nowhere/at/all"], 1, "/nowhere/at/all"],
    [["run", "medicine", "--input", "package.json", "--out", "/tmp/never"], 1, "package.json"],
    [
      ["run", "medicine", "--input", demo, "--out", "/tmp/never", "--compute", "cpu", "--set", "medicine.batch_size=1"],
      1,
      "batch_size must be a whole number from 2 to 65536 spikes; it is 1.",
    ],
    [["run", "nonsense", "--input", demo, "--out", "/tmp/never"], 2, "neither a recipe file nor one of the presets"],
    [["run", "medicine", "--out", "/tmp/never"], 2, "--input is required."],
    [["run", "medicine", "--input", demo, "--out", "/tmp/never", "--speed", "9"], 2, "There is no option --speed"],
    [
      ["run", "medicine", "--input", demo, "--out", "/tmp/never", "--set", "nonsense"],
      2,
      "--set expects method.param=value",
    ],
    [
      ["run", "medicine", "--input", demo, "--out", "/tmp/never", "--compute", "abacus"],
      2,
      "--compute is one of auto, webgpu, cpu",
    ],
    [["score", demo, "--truth", "package.json"], 1, "package.json"],
    [["demo", "/tmp/never", "--probe", "np9"], 2, "--probe is one of np1, np2, np2-4shank, ultra"],
    [["demo", "/tmp/never", "--channels", "many"], 2, '--channels expects a number; it got "many".'],
    [["demo", "/tmp/never", "--channels", "500"], 1, "Expected 1 to 384 channels of a probe np1, found 500."],
    [["dance"], 2, 'There is no command "dance"'],
  ])("%j exits %i with its sentence", async (args, code, sentence) => {
    const found = await cli(args as string[]);
    expect(found.code).toBe(code);
    const { error } = JSON.parse(found.stderr.split("\n").find((line) => line.startsWith('{"error"'))!) as {
      error: { code: string; message: string };
    };
    expect(error.message).toContain(sentence);
    expect(found.stdout).toBe("");
  });
});

describe("arguments", () => {
  it("take values after a space or an equals sign, many or repeated", () => {
    const { words, options } = parseArgs(["run", "--input", "a", "b", "--set", "m.p=1", "--set=m.q=2", "--out=o"], {
      input: "many",
      set: "each",
      out: "one",
    });
    expect(words).toEqual(["run"]);
    expect(options.get("input")).toEqual(["a", "b"]);
    expect(options.get("set")).toEqual(["m.p=1", "m.q=2"]);
    expect(options.get("out")).toEqual(["o"]);
    expect(() => parseArgs(["--out"], { out: "one" })).toThrow("--out needs a value.");
    const flag = parseArgs(["--peaks", "dir"], { peaks: "none" });
    expect([flag.words, flag.options.has("peaks")]).toEqual([["dir"], true]);
    expect(() => parseArgs(["--peaks=1"], { peaks: "none" })).toThrow("--peaks takes no value.");
  });
});
