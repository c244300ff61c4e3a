import { AppError, messageOf } from "../core/errors.ts";
import type { RecordingTruth } from "../core/spikeScore.ts";
import type { Motion, SampleReader, SpikeTable } from "../core/types.ts";
import type { DroppedFile, SpikeFacts } from "../protocol/datasets.ts";
import { describeInputs } from "../protocol/fingerprint.ts";
import type { Provenance, Recipe, StepResult } from "../protocol/methods.ts";
import type { TrainedModel } from "../protocol/models.ts";
import type { Scratch } from "../protocol/scratch.ts";
import type { WaveformSet } from "../protocol/waveforms.ts";
import type { MethodInputs, RecordingInput } from "./defineMethod.ts";
import type { GivenToJob } from "./givenToJob.ts";
import type { Job, JobIdentity } from "./jobRecord.ts";
import { ImportedWaveforms } from "./localizeWaveforms/importedWaveforms.ts";
import { sameSpikes } from "./nouns.ts";
import { methodById } from "./registry.ts";

/** How files become what methods compute from, and room for intermediate results. */
export interface SessionSurroundings {
  openRecordings(
    files: DroppedFile[],
  ): Promise<(SampleReader & { title?: string; files: readonly { path: string }[] })[]>;
  openWaveforms(files: DroppedFile[]): Promise<WaveformSet | null>;
  /** what is true of a simulated recording, out of files that may say so; null when none does */
  openTruth(files: DroppedFile[]): Promise<RecordingTruth | null>;
  scratch: Scratch;
}

/** A step that led to what is there now. */
interface ChainStep {
  result: StepResult;
  seed: number;
  /** folders of the scratch that it keeps something in */
  keys: readonly string[];
}

/**
 * What is open and what runs have found in it: what the next job starts from. Steps that found or placed the spikes or trained
 * a network form a chain. A step that runs again starts from what those before it left, not from what it left itself.
 */
export class Session {
  readonly #surroundings: SessionSurroundings;
  #recording: RecordingInput | null = null;
  #truth: Promise<RecordingTruth | null> = Promise.resolve(null);
  /** waveforms that came with the spikes; a set that cannot be opened is none, and `setWaveforms` says why */
  #imported: Promise<ImportedWaveforms | null> = Promise.resolve(null);
  /** as their file has them */
  #opened: SpikeTable | null = null;
  #facts: SpikeFacts = {};
  #motion: Motion | null = null;
  #model: TrainedModel | null = null;
  /** the model was opened after the last one was trained */
  #modelIsNewer = true;
  #chain: readonly ChainStep[] = [];

  constructor(surroundings: SessionSurroundings) {
    this.#surroundings = surroundings;
  }

  get recording(): RecordingInput | null {
    return this.#recording;
  }

  get spikes(): SpikeTable | null {
    return this.found?.spikes ?? this.#opened;
  }

  get facts(): SpikeFacts {
    return this.#facts;
  }

  /**
   * The step that found the spikes, with all places that steps since have found for them: what a clicked spike is looked up in,
   * and what is scored. Null for spikes as their file has them.
   */
  get found(): StepResult | null {
    return foundIn(this.#chain);
  }

  /** Null where nothing tells, or what tells cannot be read: jobs say which. */
  get truth(): Promise<RecordingTruth | null> {
    return this.#truth.catch(() => null);
  }

  get imported(): Promise<ImportedWaveforms | null> {
    return this.#imported;
  }

  /** Folders of the scratch that what is there now lies in, or can be trained further from. */
  get keys(): Set<string> {
    return new Set(this.#chain.flatMap(({ keys }) => keys));
  }

  /** The open recording's samples. Throws AppError when none is open. */
  get reader(): SampleReader {
    if (!this.#recording)
      throw new AppError("bad-data", "No raw recording is open; drop a SpikeGLX recording with its .meta first.");
    return this.#recording.reader;
  }

  setSpikes(spikes: SpikeTable, facts: SpikeFacts): void {
    // a page that starts its worker anew hands back the spikes of its last run
    const now = this.spikes;
    if (!now || !sameSpikes(now, spikes)) this.#chain = [];
    this.#opened = spikes;
    this.#facts = facts;
  }

  setMotion(motion: Motion | null): void {
    this.#motion = motion;
  }

  setModel(model: TrainedModel | null): void {
    this.#model = model;
    this.#modelIsNewer = true;
  }

  async setWaveforms(files: DroppedFile[] | null): Promise<void> {
    const spikes = this.#opened;
    if (files) this.#chain = [];
    const opening = files && spikes ? this.#surroundings.openWaveforms(files) : Promise.resolve(null);
    this.#imported = opening.then(
      (set) => (set && spikes ? new ImportedWaveforms(set, spikes) : null),
      () => null,
    );
    await opening;
    void this.#imported.then((imported) => imported?.prepare());
  }

  async setRecording(files: DroppedFile[] | null, path: string, title?: string): Promise<void> {
    this.#recording = null;
    this.#chain = [];
    this.#truth = Promise.resolve(null);
    if (!files) return;
    const opened = await this.#surroundings.openRecordings(files);
    const inFile = opened.filter((one) => one.files[0]?.path === path);
    const reader = inFile.find((one) => one.title === title) ?? inFile[0];
    if (!reader)
      throw new AppError("nothing-found", `Expected the recording ${path} among the files, found others.`, { path });
    const paths = new Set(reader.files.map((one) => one.path));
    const own = files.filter((file) => paths.has(file.path));
    const identity = identityOf(await describeInputs(own), path);
    // runs over one of several recordings in a file are not gone on with over another
    if (inFile.length > 1) identity.sha1OfFirstMb += ` ${reader.title}`;
    const { scratch } = this.#surroundings;
    this.#recording = { reader, identity, scratch };
    this.#truth = this.#surroundings.openTruth(files);
    this.#truth.catch(() => undefined); // said when a job would have used it
  }

  /** A recipe as a job's record keeps it: with the steps that lead to its first one, each with its seed, and what it is given. */
  jobOf(recipe: Recipe): Pick<Job, "recipe" | "nBefore" | "keysBefore" | "nSpikes" | "given"> {
    const before = this.#before(recipe);
    const steps = recipe.steps.map((step, i) => ({ ...step, seed: step.seed ?? recipe.seed + i }));
    const led = before.map(({ result: { method, params }, seed }) => ({ method, params, seed }));
    const [first] = [...led, ...steps];
    const all = [...led, ...steps].map(({ seed, ...step }, i) => (seed === first.seed + i ? step : { ...step, seed }));
    const findsSpikes = recipe.steps.some(({ method }) => methodById(method).gives.includes("spikes"));
    const spikes = foundIn(before)?.spikes ?? this.#opened;
    // a network that was opened counts where none was trained, and after those that were trained before
    const isModelGiven = this.#model && (this.#modelIsNewer || !before.some(({ result }) => result.model));
    return {
      recipe: { ...recipe, seed: first?.seed ?? recipe.seed, steps: all },
      nBefore: before.length,
      keysBefore: before.flatMap(({ keys }) => keys),
      nSpikes: findsSpikes ? 0 : (spikes?.nSpikes ?? 0),
      given: {
        ...(this.#motion ? { motion: this.#motion } : {}),
        ...(this.#model && isModelGiven ? { model: this.#model } : {}),
      },
    };
  }

  /**
   * Everything that a recipe may start from, beside what its job is `given`, and a sentence for each thing that was there and
   * could not be read.
   */
  async inputsOf(recipe: Recipe, given: GivenToJob): Promise<{ inputs: MethodInputs; warnings: string[] }> {
    const warnings: string[] = [];
    const truth = await this.#truth.catch((error: unknown) => {
      warnings.push(`The truth beside the recording cannot be read: ${messageOf(error)}`);
      return null;
    });
    // waveforms that came with a file are not those of spikes that a recording gives
    const imported = this.#recording ? null : await this.#imported;
    const before = this.#before(recipe);
    const { spikes, locations, waveforms } = foundIn(before) ?? {};
    const trained = before.findLast(({ result }) => result.model)?.result.model;
    const inputs: MethodInputs = {
      spikes: spikes ?? this.#opened,
      recording: this.#recording,
      waveforms: imported?.set ?? null,
      scratch: this.#surroundings.scratch,
      ...(this.#recording ? {} : this.#facts),
      ...(locations ? { locations } : {}),
      ...(waveforms ? { stored: waveforms } : {}),
      ...(trained ? { model: trained } : {}),
      ...(truth ? { truth } : {}),
      ...given,
    };
    return { inputs, warnings };
  }

  /** What the steps of a job have found is what the next one starts from. */
  take(recipe: Recipe, results: readonly StepResult[], keysOf: (index: number) => readonly string[]): void {
    const before = this.#before(recipe);
    let chain = before;
    for (const [i, result] of results.entries()) {
      if (!result.spikes && !result.model) continue; // a motion is nothing that spikes are made of
      const seed = recipe.steps[i]?.seed ?? recipe.seed + i;
      const step: ChainStep = { result, seed, keys: keysOf(before.length + i) };
      chain = isFoundAnew(foundIn(chain), result) ? [step] : [...chain, step];
      if (result.model) this.#modelIsNewer = false;
    }
    if (chain !== before) this.#chain = chain;
  }

  /** What steps of an earlier moment have found in what is open now. */
  restore(recipe: Recipe, results: readonly StepResult[]): void {
    this.#chain = [];
    this.take(recipe, results, (index) => results[index]?.scratchKeys ?? []);
  }

  /** The steps of the chain that come before a recipe. */
  #before({ steps: [first] }: Recipe): readonly ChainStep[] {
    if (!first) return this.#chain;
    if (methodById(first.method).gives.includes("spikes")) return [];
    const own = this.#chain.findIndex(({ result }) => result.method === first.method);
    return own < 0 ? this.#chain : this.#chain.slice(0, own);
  }
}

/** A file, or several, as a job tells them from others. */
export function identityOf(described: Provenance["inputs"], path: string): JobIdentity {
  const first = described.find((one) => one.path === path) ?? described[0];
  const bytes = described.reduce((sum, file) => sum + file.bytes, 0);
  return { path, bytes, sha1OfFirstMb: first?.sha1OfFirstMb ?? "" };
}

/** What the steps of a chain have found together: the step that found the spikes, with all places for them. */
function foundIn(chain: readonly ChainStep[]): StepResult | null {
  return chain.reduce<StepResult | null>(
    (found, { result }) => (result.spikes ? foundWith(found, result) : found),
    null,
  );
}

/** A step that finds spikes stands for itself; one that only places them adds its places to what is known of them. */
function foundWith(before: StepResult | null, step: StepResult): StepResult {
  if (!before || isFoundAnew(before, step)) return step;
  return { ...before, spikes: step.spikes, locations: { ...before.locations, ...step.locations } };
}

function isFoundAnew(before: StepResult | null, { spikes, waveforms }: StepResult): boolean {
  if (waveforms) return true;
  return Boolean(before?.spikes && spikes && !sameSpikes(before.spikes, spikes));
}
