import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { npyBytes } from "../../src/io/write/npy.ts";
import { spikeinterfaceMotionFiles } from "../../src/io/write/spikeinterfaceMotion.ts";
import { motionOf } from "../core/motionEdits/curves.ts";
import { float64 } from "../e2e/page.ts";
import { cli } from "./cliProcess.ts";

const work = mkdtempSync(join(tmpdir(), "driftscope-clean-"));

function write(files: readonly { path: string; bytes: Uint8Array }[], into: string): void {
  for (const { path, bytes } of files) {
    mkdirSync(dirname(join(into, path)), { recursive: true });
    writeFileSync(join(into, path), bytes);
  }
}

const bumpy = motionOf([0, 2, 90, 91, 8, 8].map((v) => [v, 10]));
write(spikeinterfaceMotionFiles("bumpy", bumpy), work);

function clean(out: string, recipe: string, ...input: string[]) {
  return cli(["run", recipe, "--input", ...input, "--out", join(work, out), "--compute", "cpu"]);
}

const displacement = (path: string) => [...float64(readFileSync(join(work, path)))];

describe("cleaning a motion from the command line", () => {
  it("takes a motion alone and leaves a run that opens as one", async () => {
    const { code, stdout } = await clean("alone", "clean-motion", join(work, "bumpy"));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      complete: true,
      steps: [{ method: "clean-motion", n_excursions: 1, cut_fraction: 2 / 12 }],
    });
    const expected = [0, 10, 2, 10, 4, 10, 6, 10, 8, 10, 8, 10];
    expect(displacement("alone/motion/clean-motion/displacement_seg0.npy")).toEqual(expected);
    expect(readdirSync(join(work, "alone")).sort()).toEqual([
      "kilosort",
      "log.jsonl",
      "metrics.json",
      "motion",
      "provenance.json",
      "recipe.json",
    ]);
    const opened = JSON.parse((await cli(["inspect", join(work, "alone")])).stdout);
    expect(opened).toMatchObject({ kind: "motion", nTimeBins: 6, nDepthBins: 2, warnings: [] });
  }, 120_000);

  it("follows a step that estimates one, over the same spikes", async () => {
    const n = 400;
    const column = (path: string, of: (i: number) => number) => ({
      path: `spikes/${path}.npy`,
      bytes: npyBytes(
        Float64Array.from({ length: n }, (_, i) => of(i)),
        [n],
        "<f8",
      ),
    });
    write(
      [
        column("peak_times", (i) => i / 40),
        column("peak_depths", (i) => (i * 37) % 500),
        column("peak_amplitudes", (i) => -20 - (i % 50)),
      ],
      work,
    );
    const params = { training_steps: 20, batch_size: 64, activity_network_hidden_features: [16, 16] };
    const steps = [
      { method: "medicine", params },
      { method: "clean-motion", params: { speed_threshold: 0.01, sigma_smooth_s: 2 } },
    ];
    writeFileSync(join(work, "recipe.json"), JSON.stringify({ driftscope: 1, title: "both", seed: 0, steps }));
    const { code } = await clean("both", join(work, "recipe.json"), join(work, "spikes"));
    expect(code).toBe(0);
    const [raw, cleaned] = ["medicine", "clean-motion"].map((id) =>
      displacement(`both/motion/${id}/displacement_seg0.npy`),
    );
    expect(cleaned).toHaveLength(raw.length);
    expect(cleaned).not.toEqual(raw);
    expect(readdirSync(join(work, "both/corrected")).sort()).toEqual([
      "imported+clean-motion.npy",
      "imported+medicine.npy",
    ]);
  }, 120_000);

  it("says what it lacks, or which of two is meant", async () => {
    expect((await clean("never", "clean-motion", join(work, "spikes"))).stderr).toContain(
      "Expected a motion to work on; found only MEDiCINe peaks.",
    );
    write(spikeinterfaceMotionFiles("two/a", bumpy), work);
    write(spikeinterfaceMotionFiles("two/b", bumpy), work);
    expect((await clean("never", "clean-motion", join(work, "two"))).stderr).toContain(
      "Expected one motion, found 2: two/a, two/b; name the folder of one.",
    );
  }, 120_000);
});
