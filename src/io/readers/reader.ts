import { AppError } from "../../core/errors.ts";
import type { FormatNotes, OpenedDataset } from "../../protocol/datasets.ts";
import { type ByteSource, baseName } from "../byteSource.ts";
import { type Drop, type Folder, folderInWords } from "../drop.ts";
import type { RecordingSource } from "../recordingSource.ts";
import { recordingDataset } from "../recordings.ts";

/** One data set a reader recognised. Nothing but headers and descriptions has been read so far. */
export interface Claim {
  title: string;
  kind: OpenedDataset["kind"];
  /** folder it lies in, in words */
  place: string;
  /** every file that belongs to it; later readers do not see them */
  files: readonly ByteSource[];
  /** Read and check it. Throws AppError. Of a recording the description, see recordingClaim. */
  open(): Promise<OpenedDataset>;
  /** of recordings only: its samples by range. Throws AppError */
  recording?(): Promise<RecordingSource>;
}

/**
 * One format. `find` returns a claim for each data set of it in the drop: none when nothing is of this format ("not
 * mine"), and an AppError when something is, but broken ("mine, but").
 */
export interface Reader {
  id: string;
  title: string;
  /** what a person is told of the format: half sentences without a full stop */
  about: FormatNotes;
  /** the names that its arrays must have, where nothing in them says what they are, e.g. "peak_times.npy and peak_depths.npy" */
  names?: string;
  /** `all` is everything that was opened, with what other readers have taken */
  find(drop: Drop, all?: Drop): Promise<Claim[]>;
  /** A sentence for each file nobody claimed that is of this family but cannot be opened; none for what is not known. */
  leftOver?(rest: Drop): Promise<string[]>;
}

/** A recording that a reader recognised; its description is read when it is opened. */
export function recordingClaim(claim: Required<Pick<Claim, "title" | "place" | "files" | "recording">>): Claim {
  return { ...claim, kind: "recording", open: async () => recordingDataset(await claim.recording()) };
}

/** A recording that was recognised, but is broken: the error is thrown when it is asked for, so that others are found. */
export function brokenRecording(claim: Pick<Claim, "title" | "place" | "files">, error: AppError): Claim {
  return recordingClaim({ ...claim, recording: () => Promise.reject(error) });
}

/** What every folder of a drop holds, one after the other. */
export async function inEachFolder(drop: Drop, find: (folder: Folder) => Promise<Claim[]>): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (const folder of drop.values()) claims.push(...(await find(folder)));
  return claims;
}

/** The files of a set that must lie side by side, or a sentence saying which are missing. `needed` are names in `folder`. */
export function requireSiblings(folder: Folder, needed: readonly string[], what: string): ByteSource[] {
  const missing = needed.filter((name) => !folder.files.has(name));
  const there = needed.flatMap((name) => folder.files.get(name) ?? []);
  if (missing.length === 0) return there;
  throw new AppError(
    "bad-file",
    `${what} in ${folderInWords(folder.path)}: expected ${listInWords(needed)} side by side, found ${listInWords(there.map((f) => baseName(f.path)))} without ${listInWords(missing)}.`,
    { missing, folder: folder.path },
  );
}

/** "a", "a and b", "a, b and c". */
export function listInWords(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? "nothing";
  return `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;
}
