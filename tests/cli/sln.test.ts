import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { demo } from "../../src/cli/commands/demo.ts";
import { inspect } from "../../src/cli/commands/inspect.ts";
import { run } from "../../src/cli/commands/run.ts";
import { withoutDetection } from "../../src/cli/withoutDetection.ts";
import { presetRecipes } from "../../src/methods/registry.ts";
import { syntheticSln } from "../cases/slnFolder.ts";
import { sourcesOf } from "../io/support.ts";

const folder = mkdtempSync(join(tmpdir(), "driftscope-sln-"));
const recording = join(folder, "recording");
afterAll(() => rmSync(folder, { recursive: true }));

const settings = [
  ...["sln-pretrain.epochs=1", "sln-pretrain.batch_size=256", "sln-joint.epochs=1", "sln-joint.motion=none"],
  ...["sln-joint.block_bins=6", "sln-joint.min_spikes=5", "sln-joint.bin_s=0.5"],
].flatMap((setting) => ["--set", setting]);

type Steps = Record<string, unknown>[];
async function runOf(recipe: string, out: string, more: string[]): Promise<Steps> {
  const { output } = await run([recipe, "--input", recording, "--out", out, "--compute", "cpu", ...more]);
  return (output as { steps: Steps }).steps;
}

/** Everything but how fast it was. */
function withoutTimes(steps: Steps): Steps {
  return steps.map((step) => Object.fromEntries(Object.entries(step).filter(([name]) => !name.endsWith("_per_sec"))));
}

beforeAll(async () => {
  const size = ["--channels", "24", "--duration", "8", "--units", "12", "--motion", "rigid", "--seed", "3"];
  await demo([recording, ...size]);
}, 60_000);

it("trains networks on a recording, writes them, and its exported recipe gives the same once more", async () => {
  const [first, again] = [join(folder, "first"), join(folder, "again")];
  const steps = await runOf("sln", first, ["--seed", "5", ...settings]);
  expect(steps.map(({ method, complete }) => [method, complete])).toEqual([
    ["detect-localize", true],
    ["sln-pretrain", true],
    ["sln-joint", true],
  ]);
  expect(steps[2].truth_rms_y).toBeGreaterThan(0); // the truth lies beside the recording
  const replayed = await runOf(join(first, "recipe.json"), again, []);
  expect(withoutTimes(replayed)).toEqual(withoutTimes(steps));
  const both = (name: string) => [first, again].map((dir) => readFileSync(join(dir, name)));
  for (const name of ["model/sln-cnn-pretrained.safetensors", "model/sln-cnn.safetensors", "locations/sln-cnn.npy"]) {
    const [one, other] = both(name);
    expect(one.equals(other), name).toBe(true);
  }
  const [one, other] = both("pretrain/history.csv");
  expect(one.equals(other)).toBe(true);
  const [joint] = both("joint/history.csv").map(String);
  expect(joint).toMatch(/^outer_iter,epoch,phase,rho_mean,ent_mean,teth_mean,n_blocks,elapsed_s,Δy_p95_um,Δx_p95_um\n/);

  const found = (await inspect([first])).output as { kind: string; network?: { kind: string } }[];
  expect(found.map(({ kind }) => kind)).toEqual(["spikes", "model", "model", "motion"]);
  expect(found[1].network).toMatchObject({ kind: "cnn", nOut: 3 });

  // one step alone, with the networks of that run
  const alone = (step: string, ...input: string[]) =>
    run([step, "--input", ...input, "--out", join(folder, "alone"), "--compute", "cpu"]);
  await expect(alone("sln-joint", first)).rejects.toThrow(
    /needs the waveforms of the spikes, and these have none; drop the raw/,
  );
  await expect(alone("sln-pretrain", recording)).rejects.toThrow(
    /networks learn from spikes; run "detect-localize" on it first, alone or as the step before\.$/,
  );
}, 180_000);

it("on imported waveforms begins with their localization, and without any leaves it out", async () => {
  const { files } = syntheticSln("distance", 40);
  const shortened = (await withoutDetection(presetRecipes().sln, sourcesOf(files)))!;
  expect(shortened.recipe.steps.map(({ method }) => method)).toEqual(["localize", "sln-pretrain", "sln-joint"]);
  expect(shortened.warning).toMatch(/the step "detect-localize" is left out, and their waveforms are localized/);
  const { "waveforms_all.npy": _, ...bare } = files;
  const without = (await withoutDetection(presetRecipes().sln, sourcesOf(bare)))!;
  expect(without.recipe.steps.map(({ method }) => method)).toEqual(["sln-pretrain", "sln-joint"]);
});
