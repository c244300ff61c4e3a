import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../core/errors.ts";
import { syntheticDefaults, syntheticSpikes, zigzagMotion } from "../../core/syntheticSpikes.ts";
import { motionFolderFiles } from "../../io/write/motionFolder.ts";
import { npyBytes } from "../../io/write/npy.ts";
import { option, parseArgs } from "../args.ts";
import type { CommandResult } from "../main.ts";
import { writeFiles } from "../writeFiles.ts";

/** Simulated drifting spikes as the three files MEDiCINe reads, and the motion that moved them as a Motion folder. */
export async function demo(argv: string[]): Promise<CommandResult> {
  const args = parseArgs(argv, { seed: "one" });
  const [out] = args.words;
  if (!out) throw new AppError("usage", "demo needs a folder to write to.");
  const seed = Number(option(args, "seed") ?? syntheticDefaults.seed);
  const motion = zigzagMotion(60, 200, 20, syntheticDefaults.depthUm);
  const { spikes, truth } = syntheticSpikes({ ...syntheticDefaults, seed, motion });
  await mkdir(out, { recursive: true });
  const n = [spikes.nSpikes];
  const files = [
    { path: "peak_times.npy", bytes: npyBytes(spikes.timeSec, n) },
    { path: "peak_depths.npy", bytes: npyBytes(spikes.depthUm, n) },
    { path: "peak_amplitudes.npy", bytes: npyBytes(spikes.ampUv, n) },
    ...motionFolderFiles(truth).map(({ path, bytes }) => ({ path: join("truth", path), bytes })),
  ];
  await writeFiles(out, files);
  return {
    output: {
      out,
      nSpikes: spikes.nSpikes,
      durationSec: syntheticDefaults.durationSec,
      seed,
      truth: join(out, "truth"),
    },
  };
}
