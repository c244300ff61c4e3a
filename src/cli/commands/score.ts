import { mkdir } from "node:fs/promises";
import { AppError } from "../../core/errors.ts";
import { type MotionScore, scoreMotion } from "../../core/motionScore.ts";
import {
  type LocationScore,
  matchSpikes,
  type SpikeScore,
  scoreLocations,
  scoreSpikes,
} from "../../core/spikeScore.ts";
import type { Motion } from "../../core/types.ts";
import type { ByteSource } from "../../io/byteSource.ts";
import { openSources } from "../../io/open.ts";
import { readDetectedRun, readSpikeTruth, type SpikeTruth } from "../../io/truth.ts";
import { jsonFile, textFile } from "../../io/write/file.ts";
import { option, parseArgs } from "../args.ts";
import type { CommandResult } from "../main.ts";
import { nodeSources } from "../nodeFiles.ts";
import { writeFiles } from "../writeFiles.ts";

/** True spikes this many times stronger than the noise are counted on their own. */
const SNR_LIMIT = 8;

/** A folder named on the command line. */
interface Place {
  dir: string;
  sources: ByteSource[];
}

interface Named {
  dir: string;
  motion: string;
  value: Motion;
}

interface Row extends MotionScore {
  dir: string;
  motion: string;
  against: string;
}

/** Motions of a run directory lie in its motion/; any other folder is searched whole. */
async function motionsIn({ dir, sources }: Place, isNeeded = true): Promise<Named[]> {
  const inMotion = sources.filter(({ path }) => path.includes("/motion/"));
  if (inMotion.length === 0 && !isNeeded) return [];
  const opened = await openSources(inMotion.length > 0 ? inMotion : sources);
  const motions = opened.flatMap((d) => (d.kind === "motion" ? [{ dir, motion: d.info.title, value: d.motion }] : []));
  if (motions.length === 0)
    throw new AppError("nothing-found", `${dir}: expected a run directory or a motion folder; it holds no motion.`);
  return motions;
}

interface SpikeRow extends SpikeScore {
  dir: string;
  locations: ({ localizer: string } & LocationScore)[];
}

/** Detected spikes of a run against the true ones; null when the run holds none. */
async function spikeRow({ dir, sources }: Place, truth: SpikeTruth): Promise<SpikeRow | null> {
  const { rateHz, positionsUm, noiseUv } = truth;
  const run = await readDetectedRun(sources, positionsUm.length);
  if (!run) return null;
  const match = matchSpikes(truth.spikes, run.spikes, { rateHz, positionsUm });
  const locations = run.locations.map(({ localizer, values, nColumns }) => ({
    localizer,
    ...scoreLocations(truth.spikes, match, values, nColumns),
  }));
  return {
    dir,
    ...scoreSpikes(truth.spikes, run.spikes, match, { positionsUm, noiseUv, snrLimit: SNR_LIMIT }),
    locations: locations.filter(({ n }) => n > 0),
  };
}

const columns = [
  "dir",
  "motion",
  "against",
  "r",
  "gain",
  "rmseUm",
  "meanAbsUm",
  "p95AbsUm",
  "maxAbsUm",
  "nTimes",
] as const;

const spikeColumns = [
  ...["dir", "nTrue", "nDetected", "nMatched", "recall", "precision", "f1", "snrLimit", "nTrueAbove", "recallAbove"],
  ...["localizer", "nLocated", "medianDx", "medianDy", "medianDz", "p95Dx", "p95Dy", "p95Dz"],
];

/** What a row lacks stays empty. */
function csv(names: readonly string[], rows: readonly object[]): string {
  const cell = (v: unknown) => (typeof v === "string" ? `"${v.replaceAll('"', '""')}"` : String(v ?? ""));
  const lines = rows.map((row) => {
    const values = new Map<string, unknown>(Object.entries(row));
    return names.map((name) => cell(values.get(name))).join(",");
  });
  return `${[names.join(","), ...lines].join("\n")}\n`;
}

/**
 * Every motion against the truth; without a truth, every pair of them. The median over time is removed at each depth. Where the
 * truth is that of a simulated recording, detected spikes and their positions are held against it too.
 */
export async function score(argv: string[]): Promise<CommandResult> {
  const args = parseArgs(argv, { truth: "one", out: "one" });
  if (args.words.length === 0) throw new AppError("usage", "score needs at least one run directory.");
  const places = await Promise.all(args.words.map(placeOf));
  const truthDir = option(args, "truth");
  const truth = truthDir === undefined ? null : await placeOf(truthDir);
  const spikeTruth = truth && (await readSpikeTruth(truth.sources));
  const spikes: SpikeRow[] = [];
  const motions: Named[] = [];
  for (const place of places) {
    const row = spikeTruth && (await spikeRow(place, spikeTruth));
    if (row) spikes.push(row);
    motions.push(...(await motionsIn(place, !row)));
  }
  const rows =
    motions.length === 0 ? [] : truth ? againstTruth(motions, truth.dir, await motionsIn(truth)) : pairs(motions);
  const output = {
    truth: truthDir ?? null,
    note: "median over time removed at each depth; 11 depths common to both",
    rows,
    ...(spikeTruth ? { spikes } : {}),
  };
  const out = option(args, "out");
  if (out) {
    await mkdir(out, { recursive: true });
    const files = [jsonFile("scoreboard.json", output), textFile("scoreboard.csv", csv(columns, rows))];
    if (spikeTruth) files.push(textFile("scoreboard_spikes.csv", csv(spikeColumns, spikes.flatMap(flattened))));
    await writeFiles(out, files);
  }
  return { output };
}

async function placeOf(dir: string): Promise<Place> {
  return { dir, sources: await nodeSources([dir]) };
}

function againstTruth(motions: readonly Named[], against: string, [truth]: readonly Named[]): Row[] {
  return motions.map(({ dir, motion, value }) => ({ dir, motion, against, ...scoreMotion(value, truth.value) }));
}

function pairs(motions: readonly Named[]): Row[] {
  return motions.flatMap((a, i) =>
    motions.slice(i + 1).map((b) => ({
      dir: a.dir,
      motion: a.motion,
      against: `${b.dir}: ${b.motion}`,
      ...scoreMotion(a.value, b.value),
    })),
  );
}

/** A line per localizer, or one without. */
function flattened({ locations, ...row }: SpikeRow): Record<string, string | number>[] {
  if (locations.length === 0) return [{ ...row }];
  return locations.map(({ localizer, n, medianAbsUm, p95AbsUm }) => {
    const [medianDx, medianDy, medianDz] = medianAbsUm;
    const [p95Dx, p95Dy, p95Dz] = p95AbsUm;
    return { ...row, localizer, nLocated: n, medianDx, medianDy, medianDz, p95Dx, p95Dy, p95Dz };
  });
}
