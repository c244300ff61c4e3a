/**
 * Room for intermediate results that outlives a reload: a folder per run, a few append-only files in it. In the page it is
 * the browser's own file system (OPFS), on the command line a folder beside the output.
 */
export interface Scratch {
  /** false where nothing is left after a reload, so that no run can be resumed */
  survivesReload(): Promise<boolean>;
  /** keys of the runs that left something */
  runs(): Promise<string[]>;
  /** The folder of a run, made when it is not there. */
  open(key: string): Promise<ScratchRun>;
  /**
   * Bytes [from, to) of a file of a run that nobody writes to, without taking hold of it: whoever looks is in nobody's way.
   * Throws AppError when it does not have them.
   */
  peek(key: string, name: string, from: number, to: number): Promise<Uint8Array>;
  discard(key: string): Promise<void>;
  /** bytes that can still be stored; null where nobody says */
  freeBytes(): Promise<number | null>;
}

export interface ScratchRun {
  /** bytes; 0 for a file that is not there */
  size(name: string): Promise<number>;
  append(name: string, bytes: Uint8Array): Promise<void>;
  /** Bytes [from, to) of a file. Throws AppError when it does not have them. */
  read(name: string, from: number, to: number): Promise<Uint8Array>;
  /** Cut a file to its first `bytes`. Throws AppError when it has fewer. */
  truncate(name: string, bytes: number): Promise<void>;
  /** Let go of the files; what is stored stays. */
  close(): Promise<void>;
}

/** The file of a run that holds its waveforms: [N, slots, components] float16, one row per spike in the order found. */
export const coefficientsFile = "coefficients.f16";

/** The folder of the page's scratch that holds the last corrected recording until the next one. */
export const correctedRecordingKey = "corrected-recording";
