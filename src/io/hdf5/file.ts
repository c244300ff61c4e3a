import { AppError, messageOf } from "../../core/errors.ts";
import type { ByteSource } from "../byteSource.ts";
import { Hdf5Engine } from "./engine.ts";
import { requireWideSizes } from "./guards.ts";
import { Hdf5Reading } from "./reading.ts";
import { hdf5Start } from "./signature.ts";
import { type SyncSource, syncSource } from "./syncSource.ts";

/** Files that are kept open at once; each costs 20 MB and what HDF5 keeps of it. Others are opened again when asked. */
const MAX_OPEN = 3;

/** Modules with their files, the one used last at the end. */
const engines: Hdf5Engine[] = [];

let last: Promise<unknown> = Promise.resolve();

/** One after the other: a module is taken from one file and given to another only between uses. */
function inTurn<T>(task: () => Promise<T>): Promise<T> {
  const turn = last.then(task);
  last = turn.catch(() => undefined);
  return turn;
}

/**
 * An HDF5 file, read by range: never loaded whole. It is opened in a WebAssembly module of its own, so that a damaged one
 * harms no other.
 */
export class Hdf5File {
  private readonly source: SyncSource;

  private constructor(source: SyncSource) {
    this.source = source;
  }

  /** Throws AppError where its bytes cannot be had at once, see syncSource, or its header says sizes that nobody writes. */
  static async of(source: ByteSource): Promise<Hdf5File> {
    const start = Math.max(0, await hdf5Start(source));
    requireWideSizes(source.path, await source.read(start, Math.min(source.size, start + 16)));
    return new Hdf5File(await syncSource(source));
  }

  get path(): string {
    return this.source.path;
  }

  /**
   * Read from it. `action` must be done with what it is given when it returns. Throws AppError for a file that HDF5 cannot
   * open or read, whatever way HDF5 fails in; and what `action` throws.
   */
  use<T>(action: (reading: Hdf5Reading) => T): Promise<T> {
    return inTurn(async () => {
      const engine = await engineOf(this.source);
      engine.pages?.startCounting();
      try {
        return action(new Hdf5Reading(engine, this.source));
      } finally {
        if (engine.isSpoilt) engines.splice(engines.indexOf(engine), 1);
      }
    });
  }
}

/** The module in which a file is open, the last of the list from now on. */
async function engineOf(source: SyncSource): Promise<Hdf5Engine> {
  const at = engines.findIndex((engine) => engine.source === source);
  const engine = at < 0 ? await emptyEngine() : engines.splice(at, 1)[0];
  if (at < 0) open(engine, source);
  engines.push(engine);
  return engine;
}

/** A module without a file, out of the list: an idle one, the one used longest ago when there are many, or a new one. */
async function emptyEngine(): Promise<Hdf5Engine> {
  const idle = engines.findIndex((engine) => engine.source === null);
  const at = idle < 0 && engines.length >= MAX_OPEN ? 0 : idle;
  const old = at < 0 ? null : engines.splice(at, 1)[0];
  return old && closes(old) ? old : Hdf5Engine.create();
}

function closes(engine: Hdf5Engine): boolean {
  try {
    return engine.close();
  } catch {
    return false; // a damaged file can make even that fail; the module is given up with it
  }
}

function open(engine: Hdf5Engine, source: SyncSource): void {
  let cause: unknown;
  try {
    if (engine.open(source)) return;
  } catch (error) {
    if (error instanceof AppError) throw error;
    cause = error;
  } finally {
    if (engine.fileId < 0n && closes(engine)) engines.push(engine); // to be used for another
  }
  throw notOpened(source, engine.lines.join("\n"), cause);
}

function notOpened({ path, size }: SyncSource, printed: string, cause: unknown): AppError {
  const stored = /stored_eof = (\d+)/.exec(printed);
  if (/truncated file/.test(printed) && stored) {
    return new AppError("bad-file", `${path} is cut short: expected ${stored[1]} bytes by its header, found ${size}.`, {
      path,
      expected: Number(stored[1]),
      found: size,
    });
  }
  const why = cause === undefined ? "" : ` (${messageOf(cause)})`;
  return new AppError(
    "bad-file",
    `${path}: expected an intact HDF5 file, found that its header cannot be read${why}; it may be cut short or damaged.`,
    { path },
    { cause },
  );
}
