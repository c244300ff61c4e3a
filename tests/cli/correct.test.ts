import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cli } from "./cliProcess.ts";

const work = mkdtempSync(join(tmpdir(), "driftscope-correct-"));
const demo = join(work, "demo");
const motion = join(demo, "truth", "motion");
const correct = (...more: string[]) => cli(["correct", demo, "--motion", motion, "--compute", "cpu", ...more]);

beforeAll(async () => {
  const options = ["--channels", "48", "--duration", "4", "--units", "8", "--segments", "2"];
  expect((await cli(["demo", demo, ...options])).code).toBe(0);
}, 120_000);

afterAll(() => rmSync(work, { recursive: true, force: true }));

describe("correct", () => {
  it("writes a recording that is opened again, without the channels that left the probe", async () => {
    const out = join(work, "out");
    const { code, stdout, stderr } = await correct("--out", out, "--preprocess", "highpass", "--p", "2");
    expect(code).toBe(0);
    expect(stderr).toContain('"kind":"progress"');
    const said = JSON.parse(stdout) as { nChannels: number; nRemoved: number; note: string };
    expect(said).toMatchObject({ complete: true, nSegments: 2, compute: { mode: "cpu" } });
    expect(said.nRemoved).toBeGreaterThan(0);
    expect(said.note).toContain("p 2");
    expect(readdirSync(out).sort()).toEqual(
      ["t0", "t1"].flatMap((t) => [`demo_corrected_g0_${t}.imec0.ap.bin`, `demo_corrected_g0_${t}.imec0.ap.meta`]),
    );
    const { stdout: inspected } = await cli(["inspect", out]);
    const [before, after] = [JSON.parse((await cli(["inspect", demo])).stdout)[0] ?? {}, JSON.parse(inspected)];
    expect(after).toMatchObject({ kind: "recording", warnings: [], nChannels: said.nChannels, sync: 1 });
    if (before.segments) expect(after.segments).toEqual(before.segments);
    expect(new Set(after.delaySamples)).toEqual(new Set([0]));
  });

  it("stopped on the way leaves no half of a file", async () => {
    const out = join(work, "stopped");
    const args = ["correct", demo, "--motion", motion, "--out", out, "--compute", "cpu", "--bad-channels", "keep"];
    const { code, stdout } = await cli(args, (line, interrupt) => {
      if (line.includes('"kind":"progress"')) interrupt();
    });
    const complete = (JSON.parse(stdout) as { complete: boolean }).complete;
    expect(code).toBe(complete ? 0 : 130);
    const names = readdirSync(out);
    expect(names.filter((name) => name.endsWith(".partial"))).toEqual([]);
    for (const name of names.filter((n) => n.endsWith(".bin"))) {
      const meta = readFileSync(join(out, name.replace(/bin$/, "meta")), "utf8");
      const [, bytes] = /^fileSizeBytes=(\d+)$/m.exec(meta)!;
      expect(readFileSync(join(out, name)).length).toBe(Number(bytes));
    }
  });

  it.each<[string, string[], number, RegExp]>([
    ["no motion named", ["correct", demo, "--out", "x"], 2, /--motion is required/],
    ["no recording named", ["correct", "--motion", motion, "--out", "x"], 2, /correct needs a recording/],
    [
      "a folder without motion",
      ["correct", demo, "--motion", join(demo, "demo_g0_t0.imec0.ap.meta"), "--out", "x"],
      1,
      /./,
    ],
    [
      "a method of no name",
      ["correct", demo, "--motion", motion, "--out", "x", "--method", "cubic"],
      1,
      /method must be one of/,
    ],
    [
      "a number that is none",
      ["correct", demo, "--motion", motion, "--out", "x", "--sigma-um", "wide"],
      2,
      /--sigma-um expects/,
    ],
  ])("%s: a sentence and its exit code", async (_, args, expected, sentence) => {
    const { code, stderr } = await cli(args);
    expect(code).toBe(expected);
    expect(JSON.parse(stderr.split("\n").find((line) => line.startsWith('{"error"'))!).error.message).toMatch(sentence);
  });
});
