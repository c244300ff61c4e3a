import { AppError } from "../core/errors.ts";
import type { Motion, SampleReader, SpikeTable } from "../core/types.ts";
import { chooseCompute } from "../ops/compute.ts";
import type { DroppedFile, SpikeFacts } from "../protocol/datasets.ts";
import { describeInputs } from "../protocol/fingerprint.ts";
import type {
  ActivityImage,
  ComputeRequest,
  ComputeStatus,
  JobEvent,
  MethodInfo,
  Recipe,
  RunResult,
  StepResult,
} from "../protocol/methods.ts";
import type { RunEstimate, SpikeWaveform, TraceRequest, TraceWindow, UnfinishedRun } from "../protocol/recordings.ts";
import type { Scoreboard } from "../protocol/scoreboard.ts";
import type { Scratch } from "../protocol/scratch.ts";
import type { WaveformSet } from "../protocol/waveforms.ts";
import type { ComputeApi, LoanMessage } from "../protocol/workers.ts";
import { CorrectionDesk, type CorrectionPlaces } from "./correctRecording/desk.ts";
import { checkParams, infoOf, type RecordingInput } from "./defineMethod.ts";
import { detectLocalize } from "./detectLocalize/detectLocalize.ts";
import { runEstimate } from "./detectLocalize/estimate.ts";
import { spikeWaveform } from "./detectLocalize/spikeWaveform.ts";
import { traceWindow } from "./detectLocalize/traceWindow.ts";
import { discardFinished, unfinishedRuns } from "./detectLocalize/unfinished.ts";
import { type Job, Jobs } from "./jobs.ts";
import { ImportedWaveforms } from "./localizeWaveforms/importedWaveforms.ts";
import { slotOrderChoice } from "./localizeWaveforms/slots.ts";
import { methods } from "./registry.ts";
import { runRecipe } from "./runRecipe.ts";
import { runCorrelationMatrix, runScoreboard, type Scorable } from "./scoreboard/runScoreboard.ts";

const lostGraceMs = 1000;

/** What the worker that hosts the service brings along: files become recordings, and room for intermediate results. */
export interface ComputeSurroundings extends CorrectionPlaces {
  openRecordings(files: DroppedFile[]): Promise<(SampleReader & { files: readonly { path: string }[] })[]>;
  openWaveforms(files: DroppedFile[]): Promise<WaveformSet | null>;
  scratch: Scratch;
}

/** The compute worker's side of ComputeApi: owns the machine, the spikes, the recording, the jobs by id and the image loan. */
export class ComputeService implements ComputeApi {
  readonly #surroundings: ComputeSurroundings;
  #recording: RecordingInput | null = null;
  /** waveforms that came with the spikes; a set that cannot be opened is none, and `setWaveforms` says why */
  #imported: Promise<ImportedWaveforms | null> = Promise.resolve(null);
  /** the last step that found or placed spikes: what a clicked spike is looked up in */
  #found: StepResult | null = null;
  #status: Promise<ComputeStatus> | null = null;
  #spikes: SpikeTable | null = null;
  #facts: SpikeFacts = {};
  #motion: Motion | null = null;
  readonly #jobs = new Jobs();
  #paint: MessagePort | null = null;
  #loan: Extract<LoanMessage, { kind: "lend" }> | null = null;
  #lost: AppError | null = null;
  readonly #corrections: CorrectionDesk;

  constructor(surroundings: ComputeSurroundings) {
    this.#surroundings = surroundings;
    this.#corrections = new CorrectionDesk(surroundings);
  }

  init(request: ComputeRequest): Promise<ComputeStatus> {
    this.#status ??= chooseCompute(request, (reason) => this.#deviceLost(reason));
    return this.#status;
  }

  async methods(): Promise<MethodInfo[]> {
    return methods.map(infoOf);
  }

  async setSpikes(spikes: SpikeTable, facts: SpikeFacts): Promise<void> {
    this.#spikes = spikes;
    this.#facts = facts;
  }

  async setMotion(motion: Motion | null): Promise<void> {
    this.#motion = motion;
  }

  async setWaveforms(files: DroppedFile[] | null): Promise<void> {
    const spikes = this.#spikes;
    if (files) this.#found = null;
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
    this.#corrections.recording = null;
    if (!files) return;
    const opened = await this.#surroundings.openRecordings(files);
    const reader = opened.find((one) => one.files[0]?.path === path);
    if (!reader)
      throw new AppError("nothing-found", `Expected the recording ${path} among the files, found others.`, { path });
    const own = files.filter((file) => reader.files.some((one) => one.path === file.path));
    this.#corrections.recording = { reader, files, path };
    const described = await describeInputs(own);
    const first = described.find((one) => one.path === path) ?? described[0];
    const bytes = described.reduce((sum, file) => sum + file.bytes, 0);
    this.#recording = {
      reader,
      identity: { path, bytes, sha1OfFirstMb: first?.sha1OfFirstMb ?? "" },
      scratch: this.#surroundings.scratch,
    };
  }

  async estimate(recipe: Recipe): Promise<RunEstimate> {
    const step = recipe.steps.find(({ method }) => method === detectLocalize.id);
    return runEstimate(this.#reader().recording, checkParams(detectLocalize, step?.params ?? {}));
  }

  async unfinishedRuns(): Promise<UnfinishedRun[]> {
    return this.#jobs.size > 0 ? [] : unfinishedRuns(this.#surroundings.scratch);
  }

  async discardUnfinished(key: string): Promise<void> {
    await this.#surroundings.scratch.discard(key);
  }

  async traces(request: TraceRequest): Promise<TraceWindow> {
    await this.#status;
    const noiseUv = this.#found?.waveforms?.noiseUv ?? new Float64Array(0);
    const { probe } = this.#reader().recording;
    const excluded = [...noiseUv.keys()].filter((c) => Number.isNaN(noiseUv[c]) && probe.connected[c]);
    return traceWindow(this.#reader(), request, excluded);
  }

  async waveform(index: number, slotOrder: string): Promise<SpikeWaveform | null> {
    if (!this.#recording) {
      const imported = await this.#imported;
      return imported?.waveform(index, slotOrderChoice(slotOrder), this.#found) ?? null;
    }
    if (!this.#found || this.#jobs.size > 0) return null;
    return spikeWaveform(this.#recording.reader, this.#surroundings.scratch, this.#found, index);
  }

  #reader(): SampleReader {
    if (!this.#recording)
      throw new AppError("bad-data", "No raw recording is open; drop a SpikeGLX recording with its .meta first.");
    return this.#recording.reader;
  }

  async run(
    jobId: string,
    recipe: Recipe,
    inputs: DroppedFile[],
    resume: boolean,
    onEvent: (event: JobEvent) => void,
  ): Promise<RunResult> {
    if (!this.#status)
      throw new AppError("worker-died", "The compute worker was asked to run before it was started; reload the page.");
    if (!this.#spikes && !this.#recording)
      throw new AppError("bad-data", "There is nothing to compute from; drop a recording or a folder of spikes first.");
    if (this.#lost) throw this.#lost;
    const job = this.#jobs.start(jobId, onEvent);
    try {
      const lost = new Promise<never>((_, reject) => {
        job.controller.signal.addEventListener("abort", () => {
          if (this.#lost) reject(this.#lost);
        });
      });
      const result = this.#runJob(job, recipe, inputs, resume);
      return await Promise.race([result, lost]);
    } catch (error) {
      throw await this.#reasonOf(error);
    } finally {
      this.#jobs.end(jobId);
    }
  }

  /** A read of a GPU that is gone can fail before the browser says that it is gone: give it a moment to say so. */
  async #reasonOf(error: unknown): Promise<unknown> {
    if (error instanceof AppError || (await this.#status)?.mode !== "webgpu") return error;
    for (let waitedMs = 0; !this.#lost && waitedMs < lostGraceMs; waitedMs += 20) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return this.#lost ?? error;
  }

  async #runJob(job: Job, recipe: Recipe, inputs: DroppedFile[], resume: boolean): Promise<RunResult> {
    if (this.#recording) await discardFinished(this.#surroundings.scratch, this.#found?.waveforms?.key ?? null);
    // waveforms that came with a file are not those of spikes that a recording gives
    const imported = this.#recording ? null : await this.#imported;
    const result = await runRecipe(
      recipe,
      {
        spikes: this.#spikes,
        recording: this.#recording,
        waveforms: imported?.set ?? null,
        ...(this.#recording ? {} : this.#facts),
        ...(this.#motion ? { motion: this.#motion } : {}),
      },
      {
        signal: job.controller.signal,
        gate: () => job.gate,
        onEvent: job.onEvent,
        wantsImage: () => this.#loan !== null,
        deliverImage: (content) => this.#deliver(content),
        status: await this.#status!,
        resume,
        inputs: await describeInputs(inputs),
        runtime: globalThis.navigator?.userAgent ?? "unknown",
        peakMemoryBytes: () => null,
      },
    );
    const found = result.steps.findLast((step) => step.spikes);
    if (found) {
      this.#found = found;
      this.#spikes = found.spikes ?? null;
    }
    return result;
  }

  scoreboard(...[jobId, request, onEvent]: Parameters<ComputeApi["scoreboard"]>): Promise<Scoreboard> {
    return this.#jobs.during(jobId, (signal) => runScoreboard(this.#scorable(), request, signal, onEvent));
  }

  correlationMatrix(...[jobId, request, onProgress]: Parameters<ComputeApi["correlationMatrix"]>) {
    return this.#jobs.during(jobId, (signal) => runCorrelationMatrix(this.#scorable(), request, signal, onProgress));
  }

  #scorable(): Scorable {
    const probe = this.#recording?.reader.recording.probe ?? this.#facts.probe;
    return { spikes: this.#spikes, found: this.#found, probe };
  }

  async cancel(jobId: string): Promise<void> {
    this.#jobs.cancel(jobId);
    this.#corrections.cancel(jobId);
  }

  async correctRecording(...request: Parameters<ComputeApi["correctRecording"]>) {
    await this.#status;
    if (this.#jobs.size > 0) throw new AppError("usage", "A run is still under way; wait for it or cancel it first.");
    return this.#corrections.correct(...request);
  }

  async pause(jobId: string): Promise<void> {
    this.#jobs.pause(jobId);
  }

  async resume(jobId: string): Promise<void> {
    this.#jobs.resume(jobId);
  }

  async connectPaint(port: MessagePort): Promise<void> {
    this.#paint?.close();
    this.#paint = port;
    this.#loan = null;
    port.onmessage = (event: MessageEvent<LoanMessage>) => {
      if (event.data.kind === "lend") this.#loan = event.data;
    };
  }

  /** Fill the lent buffer and hand it back; without a loan, or with one of another size, nobody gets a copy. */
  #deliver(content: ActivityImage): void {
    if (!this.#loan || !this.#paint) return;
    const { buffer } = this.#loan;
    this.#loan = null;
    const fits = buffer.byteLength === content.probability.byteLength;
    const probability = fits ? new Float32Array(buffer) : new Float32Array(content.probability.length);
    probability.set(content.probability);
    const message: LoanMessage = { kind: "filled", image: "activity", content: { ...content, probability } };
    this.#paint.postMessage(message, [probability.buffer as ArrayBuffer]);
  }

  /** A lost GPU fails every running job with its reason; the page stays, and starting this worker anew brings it back. */
  #deviceLost(reason: string): void {
    this.#lost = new AppError(
      "device-lost",
      `The GPU was lost (${reason}); what was finished is kept. Try again, or reload with ?compute=cpu.`,
      { reason },
    );
    this.#jobs.cancelAll();
  }
}
