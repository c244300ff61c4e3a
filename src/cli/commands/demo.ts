import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../core/errors.ts";
import { syntheticDefaults, syntheticSpikes, zigzagMotion } from "../../core/syntheticSpikes.ts";
import { npyFile } from "../../io/write/npy.ts";
import { spikeinterfaceMotionFiles } from "../../io/write/spikeinterfaceMotion.ts";
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
    npyFile("peak_times.npy", spikes.timeSec, n, "<f8"),
    npyFile("peak_depths.npy", spikes.depthUm, n, "<f8"),
    npyFile("peak_amplitudes.npy", spikes.ampUv, n, "<f4"),
    ...spikeinterfaceMotionFiles("truth", truth),
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
