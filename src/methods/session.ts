import { AppError, messageOf } from "../core/errors.ts";
import type { RecordingTruth } from "../core/spikeScore.ts";
import type { Motion, SampleReader, SpikeTable } from "../core/types.ts";
import type { DroppedFile, SpikeFacts } from "../protocol/datasets.ts";
import { describeInputs } from "../protocol/fingerprint.ts";
import type { StepResult } from "../protocol/methods.ts";
import type { TrainedModel } from "../protocol/models.ts";
import type { Scratch } from "../protocol/scratch.ts";
import type { WaveformSet } from "../protocol/waveforms.ts";
import type { MethodInputs, RecordingInput } from "./defineMethod.ts";
import { ImportedWaveforms } from "./localizeWaveforms/importedWaveforms.ts";
import { sameSpikes } from "./nouns.ts";

/** How files become what methods compute from, and room for intermediate results. */
export interface SessionSurroundings {
  openRecordings(files: DroppedFile[]): Promise<(SampleReader & { files: readonly { path: string }[] })[]>;
  openWaveforms(files: DroppedFile[]): Promise<WaveformSet | null>;
  /** what is true of a simulated recording, out of files that may say so; null when none does */
  openTruth(files: DroppedFile[]): Promise<RecordingTruth | null>;
  scratch: Scratch;
}

/** What is open and what runs have found in it: what the next job starts from. */
export class Session {
  readonly #surroundings: SessionSurroundings;
  #recording: RecordingInput | null = null;
  #truth: Promise<RecordingTruth | null> = Promise.resolve(null);
  /** waveforms that came with the spikes; a set that cannot be opened is none, and `setWaveforms` says why */
  #imported: Promise<ImportedWaveforms | null> = Promise.resolve(null);
  #spikes: SpikeTable | null = null;
  #facts: SpikeFacts = {};
  #motion: Motion | null = null;
  #found: StepResult | null = null;
  #model: TrainedModel | null = null;
  /** of the last run; it goes before one that was opened */
  #trained: TrainedModel | null = null;

  constructor(surroundings: SessionSurroundings) {
    this.#surroundings = surroundings;
  }

  get recording(): RecordingInput | null {
    return this.#recording;
  }

  get spikes(): SpikeTable | null {
    return this.#spikes;
  }

  get facts(): SpikeFacts {
    return this.#facts;
  }

  /**
   * The step that found the spikes, with all places that steps since have found for them: what a clicked spike is looked up in,
   * and what is scored. Null for spikes as their file has them.
   */
  get found(): StepResult | null {
    return this.#found;
  }

  /** Null where nothing tells, or what tells cannot be read: jobs say which. */
  get truth(): Promise<RecordingTruth | null> {
    return this.#truth.catch(() => null);
  }

  get imported(): Promise<ImportedWaveforms | null> {
    return this.#imported;
  }

  /** The open recording's samples. Throws AppError when none is open. */
  get reader(): SampleReader {
    if (!this.#recording)
      throw new AppError("bad-data", "No raw recording is open; drop a SpikeGLX recording with its .meta first.");
    return this.#recording.reader;
  }

  setSpikes(spikes: SpikeTable, facts: SpikeFacts): void {
    // a page that starts its worker anew hands back the spikes of its last run
    if (this.#found?.spikes && !sameSpikes(this.#found.spikes, spikes)) this.#found = null;
    this.#spikes = spikes;
    this.#facts = facts;
  }

  setMotion(motion: Motion | null): void {
    this.#motion = motion;
  }

  setModel(model: TrainedModel | null): void {
    this.#model = model;
    this.#trained = null;
  }

  async setWaveforms(files: DroppedFile[] | null): Promise<void> {
    const spikes = this.#spikes;
    if (files) {
      this.#found = null;
      this.#trained = null;
    }
    const opening = files && spikes ? this.#surroundings.openWaveforms(files) : Promise.resolve(null);
    this.#imported = opening.then(
      (set) => (set && spikes ? new ImportedWaveforms(set, spikes) : null),
      () => null,
    );
    await opening;
  }

  async setRecording(files: DroppedFile[] | null, path: string): Promise<void> {
    this.#recording = null;
    this.#found = null;
    this.#trained = null;
    this.#truth = Promise.resolve(null);
    if (!files) return;
    const opened = await this.#surroundings.openRecordings(files);
    const reader = opened.find((one) => one.files[0]?.path === path);
    if (!reader)
      throw new AppError("nothing-found", `Expected the recording ${path} among the files, found others.`, { path });
    const own = files.filter((file) => reader.files.some((one) => one.path === file.path));
    const described = await describeInputs(own);
    const first = described.find((one) => one.path === path) ?? described[0];
    const bytes = described.reduce((sum, file) => sum + file.bytes, 0);
    const { scratch } = this.#surroundings;
    this.#recording = { reader, identity: { path, bytes, sha1OfFirstMb: first?.sha1OfFirstMb ?? "" }, scratch };
    this.#truth = this.#surroundings.openTruth(files);
    this.#truth.catch(() => undefined); // said when a job would have used it
  }

  /** Everything that a job may start from, and a sentence for each thing that was there and could not be read. */
  async inputs(): Promise<{ inputs: MethodInputs; warnings: string[] }> {
    const warnings: string[] = [];
    const truth = await this.#truth.catch((error: unknown) => {
      warnings.push(`The truth beside the recording cannot be read: ${messageOf(error)}`);
      return null;
    });
    // waveforms that came with a file are not those of spikes that a recording gives
    const imported = this.#recording ? null : await this.#imported;
    const model = this.#trained ?? this.#model;
    const { locations, waveforms } = this.#found ?? {};
    const inputs: MethodInputs = {
      spikes: this.#spikes,
      recording: this.#recording,
      waveforms: imported?.set ?? null,
      scratch: this.#surroundings.scratch,
      ...(this.#recording ? {} : this.#facts),
      ...(this.#motion ? { motion: this.#motion } : {}),
      ...(locations ? { locations } : {}),
      ...(waveforms ? { stored: waveforms } : {}),
      ...(model ? { model } : {}),
      ...(truth ? { truth } : {}),
    };
    return { inputs, warnings };
  }

  /** What the steps of a job have found is what the next one starts from. */
  take(steps: readonly StepResult[]): void {
    for (const step of steps) {
      if (step.model) this.#trained = step.model;
      if (step.spikes) this.#found = foundWith(this.#found, step);
    }
    this.#spikes = this.#found?.spikes ?? this.#spikes;
  }
}

/** A step that finds spikes stands for itself; one that only places them adds its places to what is known of them. */
function foundWith(before: StepResult | null, step: StepResult): StepResult {
  const { spikes, waveforms, locations } = step;
  if (!before?.spikes || !spikes || waveforms || !sameSpikes(before.spikes, spikes)) return step;
  return { ...before, spikes, locations: { ...before.locations, ...locations } };
}
