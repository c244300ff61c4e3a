import { AppError, asAppError } from "../core/errors.ts";
import type { DatasetInfo, OpenedDataset, OpenedSet, OpenOutcome } from "../protocol/datasets.ts";
import { openedAtOnce, openedWith } from "../protocol/foundSets.ts";
import type { TrainedModel } from "../protocol/models.ts";
import type { WaveformSet } from "../protocol/waveforms.ts";
import { expandArchives } from "./archives.ts";
import type { ByteSource } from "./byteSource.ts";
import { groupByFolder, withoutFiles } from "./drop.ts";
import { contactsBeside } from "./geometry/besideSpikes.ts";
import { type Looked, type LookedSet, look } from "./look.ts";
import { networkWeights } from "./readers/networkWeights.ts";
import { listInWords } from "./readers/reader.ts";
import type { RecordingSource } from "./recordingSource.ts";
import { recordingDataset } from "./recordings.ts";
import { findWaveforms } from "./sln/waveformSet.ts";
import { nothingRecognised, sentencesOf, unreadWarning } from "./unread.ts";

/**
 * Every raw recording in what was opened, with its samples by range. Empty when there is none. Throws AppError when one is
 * there, but broken, and no other.
 */
export async function openRecordings(sources: readonly ByteSource[]): Promise<RecordingSource[]> {
  const { sets } = await look(sources);
  const recordings = sets.flatMap(({ recording }) => recording ?? []);
  const broken = sets.find(({ error, found }) => error && (found.kind === "recording" || found.kind === null));
  if (recordings.length === 0 && broken?.error) throw broken.error;
  return recordings;
}

/** The waveforms of the spikes in what was opened, by range; null when they have none. Throws AppError. */
export async function openWaveforms(sources: readonly ByteSource[]): Promise<WaveformSet | null> {
  return findWaveforms(groupByFolder(await expandArchives(sources)));
}

/** Trained networks in what was opened, in order. Throws AppError for one that is none of ours. */
export async function openModels(sources: readonly ByteSource[]): Promise<TrainedModel[]> {
  const claims = await networkWeights.find(groupByFolder(await expandArchives(sources)));
  const opened = await Promise.all(claims.map((claim) => claim.open()));
  return opened.flatMap((one) => (one.kind === "model" ? [one.model] : []));
}

/**
 * Recognise and read everything that was named: spikes (at most one set), any number of motions, of raw recordings and of
 * trained networks, spikes first. Archives are opened as folders. What is broken beside sound spikes or a sound recording is
 * a warning of the first. Throws AppError: nothing there, nothing recognised, two sets of spikes, broken spikes, or nothing
 * that is sound.
 */
export async function openSources(sources: readonly ByteSource[]): Promise<OpenedDataset[]> {
  const looked = await lookForSome(sources);
  const spikes = looked.sets.filter(({ found }) => found.kind === "spikes");
  if (spikes.length > 1) throw severalSpikes(spikes);
  const { opened, failures } = await openEach(looked, looked.sets);
  const isSound = opened.some(({ kind }) => kind === "spikes" || kind === "recording");
  const fatal = failures.find(({ set }) => !isSound || set.found.kind === "spikes");
  if (fatal) throw fatal.error;
  await remark(looked, opened, failures);
  // keys tell sets of one drop apart, and are nothing of the data
  return opened.map(({ key: _, ...one }) => one);
}

/**
 * Look at what was dropped, and open what a person asked for by its key, or else what can be opened at once. Every recording
 * is described; nothing but what is chosen is read. Throws AppError when there is nothing that can be opened.
 */
export async function openFound(sources: readonly ByteSource[], key: string | null): Promise<OpenOutcome> {
  const looked = await lookForSome(sources);
  const found = looked.sets.map((set) => set.found);
  const { recordingKey, keys } = key === null ? openedAtOnce(found) : openedWith(found, key);
  const wanted = looked.sets.filter((set) => set.recording !== undefined || keys.includes(set.found.key));
  const { opened, failures } = await openEach(looked, wanted);
  for (const { set, error } of failures) set.found = { ...set.found, error: error.message };
  const sound = looked.sets.filter((set) => set.found.error === undefined);
  if (sound.length === 0 && opened.length === 0) throw firstError(looked);
  if (key === null) await remark(looked, opened, []);
  const broken = looked.sets.flatMap((set) => (set.found.error !== undefined && !set.recording ? [set] : []));
  return {
    found: looked.sets.map((set) => set.found),
    opened,
    recordingKey,
    read: opened.map((one) => one.key),
    failures: (key === null ? broken : failures.map(({ set }) => set)).flatMap((set) => set.found.error ?? []),
  };
}

/**
 * What everything is, one after the other, so that no two large tables are in memory at once. What is broken is a warning of
 * the first; throws AppError when nothing can be opened.
 */
export async function describeAll(sources: readonly ByteSource[]): Promise<{ info: DatasetInfo }[]> {
  const looked = await lookForSome(sources);
  const infos: { info: DatasetInfo }[] = [];
  const failures: Failure[] = [];
  for (const set of inOrder(looked.sets)) {
    const outcome = await openEach(looked, [set]);
    for (const { info } of outcome.opened) infos.push({ info });
    failures.push(...outcome.failures);
  }
  if (infos.length === 0) throw failures[0]?.error ?? firstError(looked);
  await remark(looked, infos, failures);
  return infos;
}

interface Failure {
  set: LookedSet;
  error: AppError;
}

async function lookForSome(sources: readonly ByteSource[]): Promise<Looked> {
  if (sources.length === 0) {
    throw new AppError(
      "nothing-found",
      "Expected spikes, a motion or a recording, found no file at all: what was opened is empty.",
    );
  }
  const looked = await look(sources);
  if (looked.sets.length > 0) return looked;
  const leftOver = await sentencesOf(looked.rest);
  if (leftOver.length > 0) throw new AppError("nothing-found", leftOver.join(" "), { nFiles: sources.length });
  throw nothingRecognised(sources, looked.all);
}

/** Spikes first, recordings last, the others as the readers found them. */
function inOrder(sets: readonly LookedSet[]): LookedSet[] {
  const rank = ({ found }: LookedSet) => (found.kind === "spikes" ? 0 : found.kind === "recording" ? 2 : 1);
  return [...sets].sort((a, b) => rank(a) - rank(b));
}

/** Open sets one after the other. One that is broken does not keep the others from being opened. */
async function openEach(
  looked: Looked,
  sets: readonly LookedSet[],
): Promise<{ opened: OpenedSet[]; failures: Failure[] }> {
  const opened: OpenedSet[] = [];
  const failures: Failure[] = [];
  for (const set of inOrder(sets)) {
    try {
      const one = await openOne(looked, set);
      if (one) opened.push({ ...one, key: set.found.key });
    } catch (error) {
      const expected = asAppError(error);
      if (!expected) throw error;
      failures.push({ set, error: expected });
    }
  }
  return { opened, failures };
}

async function openOne(looked: Looked, { claim, recording, error }: LookedSet): Promise<OpenedDataset | null> {
  if (error) throw error;
  if (recording) return recordingDataset(recording);
  const opened = (await claim?.open()) ?? null;
  if (opened?.kind === "spikes") {
    const geometry = await contactsBeside(looked.rest, opened);
    looked.rest = withoutFiles(looked.rest, new Set(geometry));
  }
  return opened;
}

/** What is to be said of the files as a whole stands in the warnings of the first. */
async function remark(
  { rest }: Looked,
  opened: readonly { info: DatasetInfo }[],
  failures: readonly Failure[],
): Promise<void> {
  if (opened.length === 0) return;
  const leftOver = await sentencesOf(rest);
  const { warnings } = opened[0].info;
  warnings.push(...failures.map(({ error }) => error.message), ...leftOver, ...unreadWarning(rest, leftOver));
}

function firstError({ sets }: Looked): AppError {
  const error = sets.find((set) => set.error)?.error;
  return (
    error ??
    new AppError("nothing-found", sets.find(({ found }) => found.error)?.found.error ?? "Nothing can be opened.")
  );
}

function severalSpikes(spikes: readonly LookedSet[]): AppError {
  const places = spikes.map(({ found }) => `${found.title} in ${found.place}`).sort();
  return new AppError(
    "ambiguous",
    `Expected one set of spikes, found ${spikes.length}: ${listInWords(places)}; open them one at a time.`,
    { found: spikes.map(({ found }) => found.place) },
  );
}
