import { AppError, messageOf } from "../../core/errors.ts";
import type { CorrectedRecording, CorrectionSink } from "../../protocol/correction.ts";
import type { ScratchRun } from "../../protocol/scratch.ts";
import type { CorrectedFiles } from "./correctedSpikeglx.ts";
import type { WrittenFile } from "./file.ts";

/** The bytes of one file, appended; whole after `close`, gone after `discard`. */
export interface OpenFile {
  append(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
  discard(): Promise<void>;
}

/** A place for files. Everything rejects with an AppError when there is no room. */
export interface FilePlace {
  /** `bytes`: how large the file will be */
  create(name: string, bytes: number): Promise<OpenFile>;
}

/** A binary and its description per segment. The description comes last: only what is whole has one. */
export function correctionSink(place: FilePlace, files: CorrectedFiles): CorrectionSink {
  let open: { file: OpenFile; description: WrittenFile } | null = null;
  return {
    async begin(corrected: CorrectedRecording, segment, bytes) {
      const description = files.description(corrected, segment);
      open = { file: await place.create(`${files.stem(segment)}.bin`, bytes), description };
    },
    write: async (bytes) => open?.file.append(bytes),
    async end() {
      if (!open) return;
      const { file, description } = open;
      await file.close();
      open = null;
      const text = await place.create(description.path, description.bytes.length);
      await text.append(description.bytes.slice());
      await text.close();
    },
    async discard() {
      await open?.file.discard();
      open = null;
    },
  };
}

/** A sentence for whatever a browser says when it cannot store more. */
function noRoom(name: string, error: unknown): AppError {
  return new AppError(
    "bad-data",
    `${name} could not be written (${messageOf(error)}); free some disk space or choose another folder, and start again.`,
    { name },
    { cause: error },
  );
}

async function explained<T>(name: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw noRoom(name, error);
  }
}

/** A folder that a person has chosen. The browser writes beside the file and puts it in place when it is closed. */
export function directoryPlace(directory: FileSystemDirectoryHandle): FilePlace {
  return {
    async create(name) {
      const stream = await explained(name, async () =>
        (await directory.getFileHandle(name, { create: true })).createWritable(),
      );
      return {
        append: (bytes) => explained(name, () => stream.write(bytes)),
        close: () => explained(name, () => stream.close()),
        async discard() {
          await stream.abort().catch(() => undefined); // a stream that failed has given up by itself
          await directory.removeEntry(name).catch(() => undefined); // it may never have come into being
        },
      };
    },
  };
}

/** The browser's own storage, for browsers that cannot be given a folder; `names` collects what is whole. */
export function scratchPlace(run: ScratchRun, names: string[]): FilePlace {
  return {
    async create(name) {
      await run.truncate(name, 0);
      return {
        append: (bytes) => run.append(name, bytes),
        async close() {
          names.push(name);
        },
        discard: () => run.truncate(name, 0),
      };
    },
  };
}
