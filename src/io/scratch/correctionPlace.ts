import { AppError } from "../../core/errors.ts";
import type { CorrectionSink, SavedFile } from "../../protocol/correction.ts";
import type { DroppedFile } from "../../protocol/datasets.ts";
import { correctedRecordingKey, type Scratch } from "../../protocol/scratch.ts";
import { fileSource } from "../byteSource.ts";
import { openRecordings } from "../open.ts";
import { correctedFiles } from "../write/correctedSpikeglx.ts";
import { correctionSink, directoryPlace, scratchPlace } from "../write/correctionSinks.ts";
import { storedFile } from "./opfsScratch.ts";

/** Where a page's corrected recording goes: a folder that was chosen, else the scratch. Throws AppError. */
export async function pageCorrectionSink(
  scratch: Scratch,
  dropped: readonly DroppedFile[],
  path: string,
  folder: FileSystemDirectoryHandle | null,
): Promise<{ sink: CorrectionSink; close(): Promise<SavedFile[]> }> {
  const found = await openRecordings(dropped.map((one) => fileSource(one.path, one.file)));
  const source = found.find(({ files }) => files[0]?.path === path);
  if (!source) throw new AppError("nothing-found", `Expected the recording ${path} among the files, found others.`);
  const files = await correctedFiles(source);
  if (folder) return { sink: correctionSink(directoryPlace(folder), files), close: async () => [] };
  if (!(await scratch.survivesReload()))
    throw new AppError(
      "bad-data",
      "This browser neither lets the page write into a folder nor keeps files for it; use the command line (correct), or another browser.",
    );
  await scratch.discard(correctedRecordingKey);
  const run = await scratch.open(correctedRecordingKey);
  const names: string[] = [];
  const sink = correctionSink(scratchPlace(run, names), files);
  const close = async () => {
    await run.close(); // a file that is open for writing cannot be read by others
    const all = await Promise.all(
      names.map(async (name) => ({ name, blob: await storedFile(correctedRecordingKey, name) })),
    );
    return all.flatMap(({ name, blob }) => (blob ? [{ name, blob }] : []));
  };
  return { sink, close };
}
