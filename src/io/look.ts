import { type AppError, asAppError } from "../core/errors.ts";
import type { FoundSet } from "../protocol/datasets.ts";
import { expandArchives } from "./archives.ts";
import { type ByteSource, folderOf } from "./byteSource.ts";
import { type Drop, type Folder, folderInWords, groupByFolder, withoutFiles } from "./drop.ts";
import { withGeometryBeside } from "./geometry/beside.ts";
import { partnerOf } from "./partners.ts";
import { readers } from "./readers/index.ts";
import type { Claim, Reader } from "./readers/reader.ts";
import type { RecordingSource } from "./recordingSource.ts";
import { recordingDataset } from "./recordings.ts";

/** A data set that was recognised, or one that is broken. */
export interface LookedSet {
  found: FoundSet;
  /** null for what is broken so that nobody claims it */
  claim: Claim | null;
  /** of recordings that could be described, with the geometry that lies beside them */
  recording?: RecordingSource;
  error?: AppError;
}

/** Everything that a drop holds. Headers and descriptions have been read, and nothing else. */
export interface Looked {
  all: Drop;
  /** files that belong to no data set and that no sentence has spoken of */
  rest: Drop;
  sets: LookedSet[];
}

/**
 * What is in files, archives opened as folders. A data set that is broken does not keep the others from being found: it is
 * one of the list, with its sentence. Throws AppError when two files have the same path.
 */
export async function look(sources: readonly ByteSource[]): Promise<Looked> {
  const broken: Broken[] = [];
  const expanded = await expandArchives(sources, (archive, error) =>
    broken.push({ format: "archive", title: "Archive", place: archive.path, files: [archive], error }),
  );
  const all = groupByFolder(expanded);
  const { claims, rest } = await askReaders(all, broken);
  const sets = [...claims.map(claimedSet), ...broken.map(brokenSet)];
  await describeRecordings(sets, rest);
  nameApart(sets);
  for (const set of sets) set.found = withPartner(set, sets);
  const spokenOf = [
    ...broken.flatMap(({ files }) => files),
    ...sets.flatMap(({ recording }) => recording?.files ?? []),
  ];
  return { all, rest: withoutFiles(rest, new Set(spokenOf)), sets };
}

interface Broken {
  format: string;
  title: string;
  place: string;
  /** the files of the folder it lies in */
  files: readonly ByteSource[];
  error: AppError;
}

async function askReaders(all: Drop, broken: Broken[]): Promise<{ claims: [Reader, Claim][]; rest: Drop }> {
  const claims: [Reader, Claim][] = [];
  let rest = all;
  for (const reader of readers) {
    const found = await askReader(reader, rest, all, broken);
    for (const claim of found) claims.push([reader, claim]);
    if (found.length > 0) rest = withoutFiles(rest, new Set(found.flatMap((c) => c.files)));
  }
  return { claims, rest };
}

/** Ask again without the folder that is broken, until the reader has nothing more to say against the others. */
async function askReader(reader: Reader, drop: Drop, all: Drop, broken: Broken[]): Promise<Claim[]> {
  let view = drop;
  for (;;) {
    try {
      return await reader.find(view, all);
    } catch (error) {
      const expected = asAppError(error);
      if (!expected) throw error;
      const folder = folderAtFault(expected, view);
      const { id: format, title } = reader;
      const files = folder ? [...folder.files.values()] : [];
      broken.push({ format, title, place: folderInWords(folder?.path ?? ""), files, error: expected });
      if (!folder) return [];
      view = new Map([...view].filter(([path]) => path !== folder.path));
    }
  }
}

/** The folder that an error is about: of the file or folder it is given with, else of the longest path in its sentence. */
function folderAtFault({ detail, message }: AppError, view: Drop): Folder | undefined {
  const { path, folder } = detail;
  const named = typeof folder === "string" ? folder : typeof path === "string" ? folderOf(path) : null;
  // a folder that should have files and has none is its parent's fault
  for (let at = named; at !== null; at = at === "" ? null : folderOf(at)) {
    const known = view.get(at);
    if (known) return known;
  }
  const paths = [...view.values()].flatMap(({ files }) => [...files.values()].map((file) => file.path));
  const inWords = paths.filter((one) => message.includes(one)).sort((a, b) => b.length - a.length);
  return inWords.length > 0 ? view.get(folderOf(inWords[0])) : undefined;
}

function claimedSet([{ id: format }, claim]: [Reader, Claim]): LookedSet {
  const { title, kind, place, files } = claim;
  return { claim, found: { key: "", format, title, kind, place, ...amountOf(files) } };
}

function brokenSet({ format, title, place, files, error }: Broken): LookedSet {
  const path = typeof error.detail.path === "string" ? error.detail.path : (files[0]?.path ?? "");
  const found = { key: "", format, title, kind: null, place, ...amountOf(files), path, error: error.message };
  return { claim: null, error, found };
}

function amountOf(files: readonly ByteSource[]): Pick<FoundSet, "path" | "nFiles" | "bytes"> {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return { path: files[0]?.path ?? "", nFiles: files.length, bytes };
}

/** What each recording is, so far as a description says it. */
async function describeRecordings(sets: readonly LookedSet[], rest: Drop): Promise<void> {
  const described: { set: LookedSet; source: RecordingSource }[] = [];
  for (const set of sets) {
    try {
      const source = await set.claim?.recording?.();
      if (source) described.push({ set, source });
    } catch (error) {
      const expected = asAppError(error);
      if (!expected) throw error;
      set.error = expected;
      set.found = { ...set.found, error: expected.message };
    }
  }
  const sources = described.map(({ source }) => source);
  const placed = await withGeometryBeside(rest, sources);
  for (const [i, { set }] of described.entries()) {
    set.recording = placed[i];
    set.found = { ...set.found, ...factsOf(placed[i]) };
  }
}

function factsOf(source: RecordingSource): Partial<FoundSet> {
  const { info, recording } = recordingDataset(source);
  const { title, durationSec, rateHz, nChannels, nSamples, warnings } = info;
  // a description without its binary says so in its first warning
  const absent = nSamples === 0 ? { error: warnings[0] } : {};
  return { title, ...amountOf(source.files), durationSec, rateHz, nChannels, stream: recording.stream, ...absent };
}

/** Keys by format and first file; several sets in one file are told apart by their titles, else by their order. */
function nameApart(sets: readonly LookedSet[]): void {
  const taken = new Map<string, number>();
  for (const set of sets) {
    const { format, path, title } = set.found;
    const key = `${format}: ${path}: ${title}`;
    const n = (taken.get(key) ?? 0) + 1;
    taken.set(key, n);
    set.found = { ...set.found, key: n === 1 ? key : `${key} (${n})` };
  }
}

function withPartner({ found }: LookedSet, sets: readonly LookedSet[]): FoundSet {
  const partner = partnerOf(
    found,
    sets.map((set) => set.found),
  );
  return partner ? { ...found, partner } : found;
}
