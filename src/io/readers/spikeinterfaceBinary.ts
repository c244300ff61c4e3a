import { AppError } from "../../core/errors.ts";
import type { ByteSource } from "../byteSource.ts";
import { type Drop, type Folder, folderInWords } from "../drop.ts";
import type { RecordingSource } from "../recordingSource.ts";
import { type BinaryDescription, readBinaryDescription } from "../spikeinterface/binaryDescription.ts";
import {
  binariesOf,
  binaryRecordings,
  type DescribedBinary,
  type FolderParts,
  filesOfParts,
  folderParts,
} from "../spikeinterface/binaryFolder.ts";
import { brokenRecording, type Claim, inEachFolder, type Reader, recordingClaim } from "./reader.ts";

/** Recordings that SpikeInterface saved as binary files, and single binary files that a JSON beside them describes. */
export const spikeinterfaceBinary: Reader = {
  id: "spikeinterface-binary",
  title: "SpikeInterface binary folder",
  about: {
    knownBy:
      "a JSON (binary.json) whose class ends with BinaryRecordingExtractor, or whose kwargs give file_paths, sampling_frequency, num_channels and dtype, beside the binary",
    reads:
      "samples of any number type and axis order, gains and offsets, segments with their times, probes, location, group and inter_sample_shift of the channels",
    leaves: "other properties of channels, and annotations",
  },
  find: (drop) => inEachFolder(drop, (folder) => claimsIn(drop, folder)),
  async leftOver(rest) {
    const sentences: string[] = [];
    for (const folder of rest.values()) {
      for (const description of (await descriptionsIn(folder)).found) sentences.push(withoutBinary(description));
    }
    return sentences;
  },
};

async function claimsIn(drop: Drop, folder: Folder): Promise<Claim[]> {
  const { found, errors } = await descriptionsIn(folder);
  const taken = new Set<ByteSource>();
  const pairs: DescribedBinary[] = [];
  for (const description of found) {
    const binaries = binariesOf(description, drop, folder, taken);
    if (!binaries || binaries.some((file) => taken.has(file))) continue;
    for (const file of binaries) taken.add(file);
    pairs.push({ description, binaries });
  }
  if (pairs.length === 0 && errors.length > 0) throw errors[0];
  // what lies beside several descriptions belongs to none of them more than to another
  const parts = pairs.length === 1 ? folderParts(drop, folder) : NO_PARTS;
  const warnings = errors.map(({ message }) => message);
  const claims = await Promise.all(pairs.map((pair) => claimsOf(pair, parts, folder, warnings)));
  return claims.flat();
}

const NO_PARTS: FolderParts = { properties: undefined, probes: undefined, times: new Map(), others: [] };

/** Only headers and properties are read to know the probes. */
async function claimsOf(
  pair: DescribedBinary,
  parts: FolderParts,
  folder: Folder,
  warnings: string[],
): Promise<Claim[]> {
  const { id: format } = spikeinterfaceBinary;
  const { description, binaries } = pair;
  const files = [...new Set([...binaries, description.source, ...filesOfParts(parts)])];
  const title = parts.others.length > 0 ? "SpikeInterface binary folder" : "Binary recording";
  const place = folderInWords(folder.path);
  let recordings: RecordingSource[];
  try {
    recordings = await binaryRecordings(pair, parts, { format, title, files, warnings });
  } catch (error) {
    if (error instanceof AppError) return [brokenRecording({ title, place, files }, error)];
    throw error;
  }
  return recordings.map((recording) =>
    recordingClaim({
      title: recording.title,
      place,
      files,
      recording: async () => recording,
    }),
  );
}

/** Descriptions in a folder, and what is wrong with those that are broken. */
async function descriptionsIn(folder: Folder): Promise<{ found: BinaryDescription[]; errors: AppError[] }> {
  const found: BinaryDescription[] = [];
  const errors: AppError[] = [];
  for (const source of folder.files.values()) {
    try {
      const description = await readBinaryDescription(source);
      if (description) found.push(description);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      errors.push(error);
    }
  }
  return { found, errors };
}

function withoutBinary({ source, filePaths }: BinaryDescription): string {
  const files =
    filePaths.length === 1 ? `the binary ${filePaths[0]}` : `its ${filePaths.length} binaries (${filePaths[0]} …)`;
  return `${source.path}: expected ${files} that it describes beside it, found none; open them together.`;
}
