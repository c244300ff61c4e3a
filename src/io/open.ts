import { AppError } from "../core/errors.ts";
import type { OpenedDataset } from "../protocol/datasets.ts";
import type { TrainedModel } from "../protocol/models.ts";
import type { WaveformSet } from "../protocol/waveforms.ts";
import { type ByteSource, baseName } from "./byteSource.ts";
import { type Drop, groupByFolder, withoutFiles } from "./drop.ts";
import { geometryFiles, withGeometryBeside } from "./geometry/beside.ts";
import { contactsBeside } from "./geometry/besideSpikes.ts";
import { readers } from "./readers/index.ts";
import { networkWeights } from "./readers/networkWeights.ts";
import { type Claim, listInWords } from "./readers/reader.ts";
import type { RecordingSource } from "./recordingSource.ts";
import { recordingDataset } from "./recordings.ts";
import { findWaveforms } from "./sln/waveformSet.ts";
import { isZip, openZip } from "./zipSource.ts";

const MAX_ARCHIVE_DEPTH = 2; // an .npz inside an exported .zip
const NAMES_SHOWN = 4;

/**
 * Every raw recording in what was opened, with its samples by range. Empty when there is none. Throws AppError.
 */
export async function openRecordings(sources: readonly ByteSource[]): Promise<RecordingSource[]> {
  const { claims, rest } = await askReaders(groupByFolder(await expandArchives(sources, 0)));
  return recordingsOf(claims, rest);
}

/** Recordings that were recognised, with the geometry that lies beside them. */
async function recordingsOf(claims: readonly Claim[], rest: Drop): Promise<RecordingSource[]> {
  const found: RecordingSource[] = [];
  for (const { recording } of claims) if (recording) found.push(await recording());
  return withGeometryBeside(rest, found);
}

/** The waveforms of the spikes in what was opened, by range; null when they have none. Throws AppError. */
export async function openWaveforms(sources: readonly ByteSource[]): Promise<WaveformSet | null> {
  return findWaveforms(groupByFolder(await expandArchives(sources, 0)));
}

/** Trained networks in what was opened, in order. Throws AppError for one that is none of ours. */
export async function openModels(sources: readonly ByteSource[]): Promise<TrainedModel[]> {
  const claims = await networkWeights.find(groupByFolder(await expandArchives(sources, 0)));
  const opened = await Promise.all(claims.map((claim) => claim.open()));
  return opened.flatMap((one) => (one.kind === "model" ? [one.model] : []));
}

/**
 * Recognise and read everything that was dropped or named: spikes (at most one set), any number of motions, of raw recordings
 * and of trained networks, spikes first. Archives are opened as folders. Throws AppError: nothing there, nothing recognised, two sets of spikes, or whatever a
 * reader finds wrong with its files.
 */
export async function openSources(sources: readonly ByteSource[]): Promise<OpenedDataset[]> {
  if (sources.length === 0) {
    throw new AppError(
      "nothing-found",
      "Expected spikes, a motion or a recording, found no file at all: what was opened is empty.",
    );
  }
  const all = groupByFolder(await expandArchives(sources, 0));
  const { claims, rest } = await askReaders(all);
  const spikes = claims.filter((c) => c.kind === "spikes");
  if (spikes.length > 1) {
    const found = listInWords(spikes.map((c) => `${c.title} in ${c.place}`).sort());
    throw new AppError(
      "ambiguous",
      `Expected one set of spikes, found ${spikes.length}: ${found}; open them one at a time.`,
      {
        found: spikes.map((c) => c.place),
      },
    );
  }
  if (claims.length === 0) {
    const leftOver = await sentencesOf(rest);
    if (leftOver.length > 0) throw new AppError("nothing-found", leftOver.join(" "), { nFiles: sources.length });
    throw nothingRecognised(sources, all);
  }
  const opened: OpenedDataset[] = [];
  const others = claims.filter((c) => c.kind !== "spikes" && !c.recording);
  for (const claim of [...spikes, ...others]) opened.push(await claim.open());
  const recordings = await recordingsOf(claims, rest);
  opened.push(...recordings.map(recordingDataset));
  const [first] = opened;
  let unread = withoutFiles(rest, new Set(recordings.flatMap(({ files }) => files)));
  const geometry = first.kind === "spikes" ? await contactsBeside(unread, first) : [];
  unread = withoutFiles(unread, new Set(geometry));
  const leftOver = await sentencesOf(unread);
  first.info.warnings.push(...leftOver);
  warnOfUnread(first, unread, leftOver);
  return opened;
}

async function expandArchives(sources: readonly ByteSource[], depth: number): Promise<ByteSource[]> {
  const expanded: ByteSource[] = [];
  for (const source of sources) {
    const isArchive = depth < MAX_ARCHIVE_DEPTH && mayBeArchive(source) && (await isZip(source));
    if (isArchive) expanded.push(...(await expandArchives(await openZip(source), depth + 1)));
    else expanded.push(source);
  }
  return expanded;
}

/** Inside archives only look at what says it is one: sniffing would inflate every member. */
function mayBeArchive({ path }: ByteSource): boolean {
  return !/\.(npy|safetensors|pt|pth|json|png|svg|tsv|csv|jsonl|dat|bin|txt|md)$/i.test(path);
}

async function askReaders(all: Drop): Promise<{ claims: Claim[]; rest: Drop }> {
  const claims: Claim[] = [];
  let rest = all;
  for (const reader of readers) {
    const found = await reader.find(rest, all);
    claims.push(...found);
    if (found.length > 0) rest = withoutFiles(rest, new Set(found.flatMap((c) => c.files)));
  }
  return { claims, rest };
}

async function sentencesOf(rest: Drop): Promise<string[]> {
  const sentences: string[] = [];
  for (const reader of readers) sentences.push(...((await reader.leftOver?.(rest)) ?? []));
  for (const { files } of rest.values()) {
    for (const { source } of await geometryFiles(files.values())) {
      sentences.push(
        `${source.path} says where the sites of a probe lie: expected a recording or spikes that do not say so themselves, or a recording opened as loose files beside it, found none.`,
      );
    }
  }
  return sentences;
}

function nothingRecognised(sources: readonly ByteSource[], all: Drop): AppError {
  const wanted = `Expected spikes (MEDiCINe, SLN or SpikeInterface peaks, or a Driftscope run), a motion (SpikeInterface or MEDiCINe), a trained network (.safetensors) or a SpikeGLX recording`;
  const [only] = sources;
  if (sources.length === 1 && only.size === 0) {
    return new AppError("bad-file", `${only.path} is empty: expected data, found 0 bytes.`, { path: only.path });
  }
  const names = [...all.values()].flatMap((f) => [...f.files.keys()]);
  const found =
    names.length === 0
      ? "an empty archive"
      : `${names.length === 1 ? "" : `${names.length} files: `}${shortList(names)}`;
  return new AppError("nothing-found", `${wanted}, found ${found}.`, { nFiles: names.length });
}

function shortList(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN;
  return more > 0 ? `${names.slice(0, NAMES_SHOWN).join(", ")} and ${more} more` : listInWords(names);
}

/** Data files nobody read or spoke of are worth a word; notes, figures, hidden files and the truth of a simulation are not. */
function warnOfUnread(first: OpenedDataset, rest: Drop, spokenOf: readonly string[]): void {
  const unread = [...rest.values()]
    // what is true of a simulation is for scoring; a run over a motion alone says nothing else of data
    .filter(({ files }) => !files.has("truth.json") && !files.has("recipe.json"))
    .flatMap((f) => [...f.files.values()])
    .filter(({ path }) => /\.(npy|npz|json)$/i.test(path) && !spokenOf.some((text) => text.startsWith(path)));
  if (unread.length === 0) return;
  const names = shortList(unread.map((s) => baseName(s.path)));
  first.info.warnings.push(
    `${unread.length === 1 ? "1 file was" : `${unread.length} files were`} not recognised and not read: ${names}.`,
  );
}
