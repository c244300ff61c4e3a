import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run } from "../../src/cli/commands/run.ts";
import { nodeSources } from "../../src/cli/nodeFiles.ts";
import { writeFiles } from "../../src/cli/writeFiles.ts";
import { readTable } from "../../src/io/columns.ts";
import { medianErrorUm, syntheticSln } from "../cases/slnFolder.ts";

const folder = mkdtempSync(join(tmpdir(), "driftscope-localize-"));
const input = join(folder, "dataset");
const made = syntheticSln("depth-lateral", 300);

beforeAll(async () => {
  await writeFiles(
    input,
    Object.entries(made.files).map(([path, bytes]) => ({ path, bytes })),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const localize = async (out: string, ...settings: string[]) => {
  const { output } = await run(["localize", "--input", input, "--out", out, "--compute", "cpu", ...settings]);
  return (output as { steps: Record<string, number | boolean>[] }).steps[0];
};

it("localizes the waveforms of a folder and writes what every localizer says", async () => {
  const out = join(folder, "run");
  const step = await localize(out);
  expect(step).toMatchObject({ complete: true, n_spikes: 300, n_localized: 300, slot_order_depth_lateral: 1 });
  expect(step.slot_correlation_depth_lateral).toBeLessThan(-0.7);
  const [source] = await nodeSources([join(out, "locations", "monopolar.npy")]);
  const { values, nColumns } = await readTable(source);
  expect(nColumns).toBe(4);
  for (const error of medianErrorUm(values, made.truthUm)) expect(error).toBeLessThan(1); // µm; 0.4 at most when written
  const log = readFileSync(join(out, "log.jsonl"), "utf8");
  expect(log).toContain("Slot order: by depth, then across (correlation of distance with amplitude −");
});

it("takes the slot order that was asked for", async () => {
  const step = await localize(join(folder, "forced"), "--set", "localize.slot_order=distance");
  expect(step.slot_order_depth_lateral).toBe(0);
});

it("says what is missing when spikes came without waveforms", async () => {
  const bare = join(folder, "bare");
  const { "waveforms_all.npy": _, ...tables } = made.files;
  await writeFiles(
    bare,
    Object.entries(tables).map(([path, bytes]) => ({ path, bytes })),
  );
  const args = ["localize", "--input", bare, "--out", join(folder, "none"), "--compute", "cpu"];
  await expect(run(args)).rejects.toThrow(
    /^Localize waveforms needs spikes that came with their waveforms; open an SLN/,
  );
});
