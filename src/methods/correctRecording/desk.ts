import { AppError } from "../../core/errors.ts";
import type { Motion, SampleReader } from "../../core/types.ts";
import type {
  CorrectionEvent,
  CorrectionOutcome,
  CorrectionSink,
  CorrectionSummary,
  SavedFile,
} from "../../protocol/correction.ts";
import type { DroppedFile } from "../../protocol/datasets.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import { yieldToEventLoop } from "../yieldToEventLoop.ts";
import { correctRecording } from "./correctRecording.ts";

/** Where the worker that hosts a desk lets samples go. */
export interface CorrectionPlaces {
  /**
   * A sink for the recording `path` out of `files`: in a folder that a person has chosen, else in the browser's own storage.
   * `close` lets go of it and gives what is whole there.
   */
  correctionSink(
    files: DroppedFile[],
    path: string,
    folder: FileSystemDirectoryHandle | null,
  ): Promise<{ sink: CorrectionSink; close(): Promise<SavedFile[]> }>;
}

/** Corrections of the recording that is open, each by its id. */
export class CorrectionDesk {
  recording: { reader: SampleReader; files: DroppedFile[]; path: string } | null = null;
  readonly #places: CorrectionPlaces;
  readonly #running = new Map<string, AbortController>();

  constructor(places: CorrectionPlaces) {
    this.#places = places;
  }

  async correct(
    id: string,
    params: ParamValues,
    motion: Motion,
    folder: FileSystemDirectoryHandle | null,
    onEvent: (event: CorrectionEvent) => void,
  ): Promise<CorrectionOutcome> {
    if (!this.recording)
      throw new AppError("bad-data", "No raw recording is open; drop a SpikeGLX recording with its .meta first.");
    const { reader, files, path } = this.recording;
    const controller = new AbortController();
    this.#running.set(id, controller);
    const { sink, close } = await this.#places.correctionSink(files, path, folder);
    let saved: SavedFile[] = [];
    let summary: CorrectionSummary | null = null;
    try {
      const { signal } = controller;
      const events = correctRecording({ reader, path, motion, params, sink, signal });
      while (!summary) {
        const next = await events.next();
        if (next.done) summary = next.value;
        else onEvent(next.value);
        await yieldToEventLoop(); // lets a cancel in
      }
    } finally {
      this.#running.delete(id);
      saved = await close();
    }
    return { summary, files: saved };
  }

  cancel(id: string): void {
    this.#running.get(id)?.abort();
  }
}
