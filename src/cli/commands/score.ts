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
import { readDetectedRun, readSpikeTruth, type SpikeTruth } from "../../io/truth.ts";
import { jsonFile, textFile } from "../../io/write/file.ts";
import type { NamedMotion } from "../../protocol/scoreboard.ts";
import { csvText, PUBLISHED_COLUMNS, publishedLines, SCORE_COLUMNS } from "../../protocol/scoreCsv.ts";
import { type Args, option, parseArgs } from "../args.ts";
import type { CommandResult } from "../main.ts";
import { nodeSources } from "../nodeFiles.ts";
import { writeFiles } from "../writeFiles.ts";
import { motionsIn, type Place, truthIn } from "./scoreMotions.ts";
import { repeatabilityLines, repeatabilityOf } from "./scoreRepeatability.ts";

/** True spikes this many times stronger than the noise are counted on their own. */
const SNR_LIMIT = 8;

/** A folder and the motions in it. */
interface Found {
  place: Place;
  motions: NamedMotion[];
}

interface Row extends MotionScore {
  dir: string;
  motion: string;
  against: string;
  /** s, the time compared; NaN when there is none in common */
  fromSec: number;
  toSec: number;
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
  ...["dir", "motion", "against", "r", "gain", "residualUm", "rmseUm", "meanAbsUm", "p95AbsUm", "maxAbsUm"],
  ...["peakToPeakUm", "nTimes", "fromSec", "toSec"],
];

const spikeColumns = [
  ...["dir", "nTrue", "nDetected", "nMatched", "recall", "precision", "f1", "snrLimit", "nTrueAbove", "recallAbove"],
  ...["localizer", "nLocated", "medianDx", "medianDy", "medianDz", "p95Dx", "p95Dy", "p95Dz"],
];

/** What the options say. */
interface Options {
  truth: Place | null;
  detrend: "median" | "quadratic";
  /** s; null chooses */
  binSec: number | null;
  withRho: boolean;
  out: string | null;
}

async function optionsOf(args: Args): Promise<Options> {
  const truthDir = option(args, "truth");
  const detrend = option(args, "detrend") ?? "median";
  if (detrend !== "median" && detrend !== "quadratic")
    throw new AppError("usage", `--detrend is one of median, quadratic; it got "${detrend}".`);
  const bin = option(args, "bin-sec");
  if (bin !== undefined && !(Number(bin) > 0))
    throw new AppError("usage", `--bin-sec expects a number of seconds above 0; it got "${bin}".`);
  return {
    truth: truthDir === undefined ? null : await placeOf(truthDir),
    detrend,
    binSec: bin === undefined ? null : Number(bin),
    withRho: !args.options.has("no-rho"),
    out: option(args, "out") ?? null,
  };
}

/**
 * Every motion against the truth; without a truth, every pair of them. The median over time is removed at each depth. Where the
 * truth is that of a simulated recording, detected spikes and their positions are held against it too. Of folders with spikes
 * and motions, the scoreboard of every localizer and motion with its controls and verdicts.
 */
export async function score(argv: string[]): Promise<CommandResult> {
  const args = parseArgs(argv, { truth: "one", out: "one", detrend: "one", "bin-sec": "one", "no-rho": "none" });
  if (args.words.length === 0) throw new AppError("usage", "score needs at least one run directory.");
  const places = await Promise.all(args.words.map(placeOf));
  const options = await optionsOf(args);
  const { truth } = options;
  const spikeTruth = truth && (await readSpikeTruth(truth.sources));
  const spikes: SpikeRow[] = [];
  const found: Found[] = [];
  for (const place of places) {
    const row = spikeTruth && (await spikeRow(place, spikeTruth));
    if (row) spikes.push(row);
    found.push({ place, motions: await motionsIn(place, !row) });
  }
  const known = truth && found.some(({ motions }) => motions.length > 0) ? await truthIn(truth) : null;
  const rows = known ? againstTruth(found, known, options) : pairs(found);
  const scoreboards = options.withRho ? await scoreboardsOf(found, known, spikeTruth, options) : [];
  const output = {
    truth: truth?.dir ?? null,
    note: `${options.detrend === "median" ? "median" : "quadratic trend"} over time removed at each depth; 11 depths common to both`,
    rows,
    ...(spikeTruth ? { spikes } : {}),
    scoreboards,
  };
  if (options.out) {
    await mkdir(options.out, { recursive: true });
    const files = [jsonFile("scoreboard.json", output), textFile("scoreboard.csv", csvText(columns, rows))];
    if (spikeTruth) files.push(textFile("scoreboard_spikes.csv", csvText(spikeColumns, spikes.flatMap(flattened))));
    if (scoreboards.length > 0) {
      const lines = scoreboards.flatMap(repeatabilityLines);
      const published = csvText(PUBLISHED_COLUMNS, publishedLines(lines));
      files.push(textFile("scoreboard_rho.csv", csvText(SCORE_COLUMNS, lines)));
      files.push(textFile("scoreboard_published_columns.csv", published));
    }
    await writeFiles(options.out, files);
  }
  return { output, cancelled: scoreboards.some(({ complete }) => !complete) };
}

type DirScoreboard = NonNullable<Awaited<ReturnType<typeof repeatabilityOf>>>;

/** Of every folder that holds spikes and a motion; nothing after one that was stopped. */
async function scoreboardsOf(
  found: readonly Found[],
  truth: NamedMotion | null,
  spikeTruth: SpikeTruth | null,
  { detrend, binSec }: Options,
): Promise<DirScoreboard[]> {
  const scoreboards: DirScoreboard[] = [];
  for (const { place, motions } of found) {
    if (motions.length === 0) continue;
    const board = await repeatabilityOf({ ...place, motions, truth, detrend, binSec, spikeTruth });
    if (board) scoreboards.push(board);
    if (board && !board.complete) break;
  }
  return scoreboards;
}

async function placeOf(dir: string): Promise<Place> {
  return { dir, sources: await nodeSources([dir]) };
}

function againstTruth(found: readonly Found[], truth: NamedMotion, { detrend }: Options): Row[] {
  return found.flatMap(({ place: { dir }, motions }) =>
    motions.map(({ name, motion }) =>
      rowOf({ dir, motion: name, against: truth.name }, scoreMotion(motion, truth.motion, { detrend })),
    ),
  );
}

function pairs(found: readonly Found[]): Row[] {
  const all = found.flatMap(({ place: { dir }, motions }) =>
    motions.map(({ name, motion }) => ({ dir, name, motion })),
  );
  return all.flatMap((a, i) =>
    all
      .slice(i + 1)
      .map((b) =>
        rowOf({ dir: a.dir, motion: a.name, against: `${b.dir}: ${b.name}` }, scoreMotion(a.motion, b.motion)),
      ),
  );
}

function rowOf(names: Pick<Row, "dir" | "motion" | "against">, score: MotionScore): Row {
  const [fromSec, toSec] = score.overlapSec ?? [Number.NaN, Number.NaN];
  return { ...names, ...score, fromSec, toSec };
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
