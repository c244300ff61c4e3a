import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../core/errors.ts";
import { type ProbeKind, probeKinds } from "../../core/probeGeometry.ts";
import { type DriftKind, driftKinds, syntheticDrift } from "../../core/syntheticDrift.ts";
import {
  type SyntheticOptions,
  type SyntheticRecording,
  secondsOf,
  syntheticRecording,
} from "../../core/syntheticRecording.ts";
import { syntheticDefaults, syntheticSpikes, zigzagMotion } from "../../core/syntheticSpikes.ts";
import { npyFile } from "../../io/write/npy.ts";
import { spikeglxBytes, spikeglxMetaFile, spikeglxStem } from "../../io/write/spikeglx.ts";
import { spikeinterfaceMotionFiles } from "../../io/write/spikeinterfaceMotion.ts";
import { syntheticTruthFiles } from "../../io/write/syntheticTruth.ts";
import { type Args, option, parseArgs } from "../args.ts";
import type { CommandResult } from "../main.ts";
import { progressReporter } from "../progress.ts";
import { writeFiles } from "../writeFiles.ts";

const RUN_NAME = "demo";

/**
 * A simulated raw recording as SpikeGLX files, with everything that is true of it in truth/. With --peaks instead: simulated
 * drifting spikes as the three files MEDiCINe reads, and the motion that moved them as a Motion folder.
 */
export async function demo(argv: string[]): Promise<CommandResult> {
  const values = ["seed", "probe", "channels", "duration", "units", "motion", "segments", "shanks"];
  const args = parseArgs(argv, { ...Object.fromEntries(values.map((name) => [name, "one" as const])), peaks: "none" });
  const [out] = args.words;
  if (!out) throw new AppError("usage", "demo needs a folder to write to.");
  if (args.options.has("peaks")) return demoPeaks(out, args);
  return demoRecording(out, syntheticRecording(optionsOf(args)));
}

function optionsOf(args: Args): Partial<SyntheticOptions> {
  const given = {
    seed: wholeNumber(args, "seed"),
    probe: choice<ProbeKind>(args, "probe", probeKinds),
    nChannels: wholeNumber(args, "channels"),
    durationSec: number(args, "duration"),
    nUnits: wholeNumber(args, "units"),
    motion: choice<DriftKind>(args, "motion", driftKinds),
    shanks: choice(args, "shanks", ["together", "apart"] as const),
    nSegments: choice(args, "segments", ["1", "2"] as const) === "2" ? 2 : undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

async function demoRecording(out: string, simulated: SyntheticRecording): Promise<CommandResult> {
  const { options, recording, truth } = simulated;
  await mkdir(out, { recursive: true });
  await writeFiles(out, syntheticTruthFiles("truth", simulated));
  await writeFiles(
    out,
    [...recording.segments.keys()].map((segment) => spikeglxMetaFile(recording, segment, RUN_NAME)),
  );
  await writeBinaries(out, simulated);
  const { durationSec, seed, probe, nChannels, motion } = options;
  const nSpikes = truth.trains.sample.length;
  const description = { seed, probe, nChannels, durationSec, nUnits: truth.units.length, nSpikes, motion };
  return { output: { out, ...description, segments: recording.segments, truth: join(out, "truth") } };
}

/** A second at a time: a recording is never whole in memory. */
async function writeBinaries(out: string, { recording, samples }: SyntheticRecording): Promise<void> {
  const { rateHz, segments } = recording;
  const report = secondsReporter(segments.reduce((sum, s) => sum + s.nSamples, 0) / rateHz);
  for (const { segment, from, to } of secondsOf(recording)) {
    const path = join(out, `${spikeglxStem(RUN_NAME, segment)}.bin`);
    await writeFile(path, spikeglxBytes(samples(segment, from, to)), { flag: from === 0 ? "w" : "a" });
    report((to - from) / rateHz);
  }
}

function secondsReporter(total: number): (sec: number) => void {
  const onEvent = progressReporter(process.stderr);
  const startMs = performance.now();
  let done = 0;
  return (sec) => {
    done += sec;
    const ratePerSec = (1000 * done) / (performance.now() - startMs);
    const shown = { done: Number(done.toFixed(3)), total: Number(total.toFixed(3)) };
    onEvent({ kind: "progress", ...shown, unit: "s", ratePerSec, secondsLeft: (total - done) / ratePerSec });
  };
}

/** Of the options of a recording, simulated spikes know --seed, --duration, --units and --motion. */
async function demoPeaks(out: string, args: Args): Promise<CommandResult> {
  const { depthUm } = syntheticDefaults;
  const seed = wholeNumber(args, "seed") ?? syntheticDefaults.seed;
  const durationSec = number(args, "duration") ?? syntheticDefaults.durationSec;
  const nUnits = wholeNumber(args, "units") ?? syntheticDefaults.nUnits;
  const kind = choice<DriftKind>(args, "motion", driftKinds);
  if (!(durationSec >= 1 && nUnits >= 1))
    throw new AppError("usage", `demo --peaks expects at least 1 unit and 1 s; it got ${nUnits} and ${durationSec} s.`);
  const zigzag = { peakToPeakUm: 60, periodSec: 200 };
  const motion = kind
    ? syntheticDrift({ seed, kind, durationSec, topUm: depthUm, ...zigzag })
    : zigzagMotion(zigzag.peakToPeakUm, zigzag.periodSec, 20, depthUm);
  const { spikes, truth } = syntheticSpikes({ ...syntheticDefaults, seed, durationSec, nUnits, motion });
  await mkdir(out, { recursive: true });
  const n = [spikes.nSpikes];
  const files = [
    npyFile("peak_times.npy", spikes.timeSec, n, "<f8"),
    npyFile("peak_depths.npy", spikes.depthUm, n, "<f8"),
    npyFile("peak_amplitudes.npy", spikes.ampUv, n, "<f4"),
    ...spikeinterfaceMotionFiles("truth", truth),
  ];
  await writeFiles(out, files);
  return { output: { out, nSpikes: spikes.nSpikes, durationSec, seed, truth: join(out, "truth") } };
}

function number(args: Args, name: string): number | undefined {
  const text = option(args, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && text !== "") return value;
  throw new AppError("usage", `--${name} expects a number; it got "${text}".`);
}

function wholeNumber(args: Args, name: string): number | undefined {
  const value = number(args, name);
  if (value === undefined || Number.isInteger(value)) return value;
  throw new AppError("usage", `--${name} expects a whole number; it got "${value}".`);
}

function choice<T extends string>(args: Args, name: string, choices: readonly T[]): T | undefined {
  const text = option(args, name);
  const found = choices.find((c) => c === text);
  if (text === undefined || found !== undefined) return found;
  throw new AppError("usage", `--${name} is one of ${choices.join(", ")}; it got "${text}".`);
}
