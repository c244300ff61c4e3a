import { AppError } from "../core/errors.ts";
import type { Motion } from "../core/types.ts";
import { chooseCompute } from "../ops/compute.ts";
import type { DroppedFile } from "../protocol/datasets.ts";
import { describeInputs } from "../protocol/fingerprint.ts";
import type { ComputeRequest, ComputeStatus, JobEvent, MethodInfo, Recipe, RunResult } from "../protocol/methods.ts";
import type { TrainedModel } from "../protocol/models.ts";
import type {
  RunEstimate,
  SpikeAnchors,
  SpikeWaveform,
  TraceRequest,
  TraceWindow,
  UnfinishedRun,
} from "../protocol/recordings.ts";
import type { Scoreboard } from "../protocol/scoreboard.ts";
import type { ComputeApi } from "../protocol/workers.ts";
import { CorrectionDesk, type CorrectionPlaces } from "./correctRecording/desk.ts";
import { checkParams, infoOf } from "./defineMethod.ts";
import { spikeWaveform } from "./detectLocalize/spikeWaveform.ts";
import { traceWindow } from "./detectLocalize/traceWindow.ts";
import { waveformBlock } from "./detectLocalize/waveformBlock.ts";
import { ImageLoan } from "./imageLoan.ts";
import { JobRecord } from "./jobRecord.ts";
import { type Job, Jobs } from "./jobs.ts";
import { slotOrderChoice } from "./localizeWaveforms/slots.ts";
import { methodById, methods } from "./registry.ts";
import { runRecipe } from "./runRecipe.ts";
import { runCorrelationMatrix, runScoreboard, type Scorable } from "./scoreboard/runScoreboard.ts";
import { identityOf, Session, type SessionSurroundings } from "./session.ts";
import { tableAnchors } from "./sln/tableAnchors.ts";
import { discardFinished, discardUnfinished, unfinishedRuns } from "./unfinished.ts";

const lostGraceMs = 1000;

/** What the worker that hosts the service brings along. */
export interface ComputeSurroundings extends CorrectionPlaces, SessionSurroundings {}

/** The compute worker's side of ComputeApi: owns the machine, what is open, the jobs by id and the image loan. */
export class ComputeService implements ComputeApi {
  readonly #surroundings: ComputeSurroundings;
  readonly #session: Session;
  #status: Promise<ComputeStatus> | null = null;
  readonly #jobs = new Jobs();
  readonly #loan = new ImageLoan();
  #lost: AppError | null = null;
  readonly #corrections: CorrectionDesk;
  #kept: ReadonlySet<string> = new Set();
  /** the recording set last is being opened; what reads its samples waits */
  #opening: Promise<void> = Promise.resolve();

  constructor(surroundings: ComputeSurroundings) {
    this.#surroundings = surroundings;
    this.#session = new Session(surroundings);
    this.#corrections = new CorrectionDesk(surroundings);
  }

  init(request: ComputeRequest): Promise<ComputeStatus> {
    this.#status ??= chooseCompute(request, (reason) => this.#deviceLost(reason));
    return this.#status;
  }

  async methods(): Promise<MethodInfo[]> {
    return methods.map(infoOf);
  }

  async setSpikes(...given: Parameters<ComputeApi["setSpikes"]>): Promise<void> {
    this.#session.setSpikes(...given);
  }

  async setMotion(motion: Motion | null): Promise<void> {
    this.#session.setMotion(motion);
  }

  async setModel(model: TrainedModel | null): Promise<void> {
    this.#session.setModel(model);
  }

  async restore(...given: Parameters<ComputeApi["restore"]>): Promise<void> {
    this.#session.restore(...given);
  }

  async keepFolders(keys: readonly string[]): Promise<void> {
    this.#kept = new Set(keys);
  }

  /** Folders of the scratch whose room is not given back. */
  get #needed(): ReadonlySet<string> {
    return new Set([...this.#session.keys, ...this.#kept]);
  }

  setWaveforms(files: DroppedFile[] | null): Promise<void> {
    return this.#session.setWaveforms(files);
  }

  async setRecording(files: DroppedFile[] | null, path: string, title?: string): Promise<void> {
    this.#corrections.recording = null;
    const opening = this.#session.setRecording(files, path, title);
    this.#opening = opening.catch(() => undefined); // whoever set it is told
    await opening;
    if (files) this.#corrections.recording = { reader: this.#session.reader, files, path };
  }

  async estimate(recipe: Recipe): Promise<RunEstimate | null> {
    await this.#opening;
    const [step] = recipe.steps;
    const method = step && methodById(step.method);
    const status = await this.#status;
    if (!method?.estimate || !status) return null;
    const recipeOfOne = { ...recipe, steps: [step] };
    const { inputs } = await this.#session.inputsOf(recipeOfOne, this.#session.jobOf(recipeOfOne).given);
    return method.estimate(inputs, checkParams(method, step.params), status);
  }

  async unfinishedRuns(): Promise<UnfinishedRun[]> {
    return this.#jobs.isRunning ? [] : unfinishedRuns(this.#surroundings.scratch);
  }

  async discardUnfinished(key: string): Promise<void> {
    await discardUnfinished(this.#surroundings.scratch, key, this.#needed);
  }

  async traces(request: TraceRequest): Promise<TraceWindow> {
    await Promise.all([this.#status, this.#opening]);
    const { found, reader } = this.#session;
    const noiseUv = found?.waveforms?.noiseUv ?? new Float64Array(0);
    const { probe } = reader.recording;
    const excluded = [...noiseUv.keys()].filter((c) => Number.isNaN(noiseUv[c]) && probe.connected[c]);
    return traceWindow(reader, request, excluded);
  }

  async waveform(index: number, slotOrder: string): Promise<SpikeWaveform | null> {
    await this.#opening;
    const { recording, found } = this.#session;
    if (!recording) {
      const imported = await this.#session.imported;
      return imported?.waveform(index, slotOrderChoice(slotOrder), found) ?? null;
    }
    if (!found || this.#jobs.isRunning) return null;
    return spikeWaveform(recording.reader, this.#surroundings.scratch, found, index);
  }

  waveforms(...[jobId, rows, slotOrder, onProgress]: Parameters<ComputeApi["waveforms"]>) {
    const { recording, found } = this.#session;
    if (recording && this.#jobs.isRunning)
      throw new AppError("usage", "A run is still under way; wait for it or cancel it before waveforms are read.");
    return this.#jobs.during(jobId, async (signal) => {
      const control = { signal, onProgress };
      if (recording) return found && waveformBlock(recording.reader, this.#surroundings.scratch, found, rows, control);
      return (await this.#session.imported)?.block(rows, slotOrderChoice(slotOrder), found, control) ?? null;
    });
  }

  async anchors(): Promise<SpikeAnchors> {
    const { recording, facts, spikes, found } = this.#session;
    const set = recording ? null : ((await this.#session.imported)?.set ?? null);
    const probe = recording?.reader.recording.probe ?? facts.probe ?? null;
    return tableAnchors({ spikes, stored: found?.waveforms ?? null, set, probe });
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
    await this.#opening;
    if (!this.#session.spikes && !this.#session.recording)
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
    const session = this.#session;
    const { scratch } = this.#surroundings;
    await discardFinished(scratch, this.#needed);
    const described = await describeInputs(inputs);
    const input = session.recording?.identity ?? identityOf(described, inputs[0]?.path ?? "");
    const asked = session.jobOf(recipe);
    const record = await JobRecord.of(scratch, { ...asked, input, resume });
    const { inputs: open, warnings } = await session.inputsOf(recipe, record.given);
    for (const message of warnings) job.onEvent({ kind: "warning", code: "input", message });
    const recording = open.recording && { ...open.recording, scratch: record.scratch };
    const given = { ...open, recording, scratch: record.scratch };
    let complete = false;
    try {
      const result = await runRecipe(recipe, given, {
        signal: job.controller.signal,
        gate: () => job.gate,
        onEvent: (event) => {
          record.take(event);
          job.onEvent(event);
        },
        wantsImage: () => this.#loan.isOpen,
        deliverImage: (content) => this.#loan.deliver(content),
        status: await this.#status!,
        resume,
        inputs: described,
        runtime: globalThis.navigator?.userAgent ?? "unknown",
        peakMemoryBytes: () => null,
      });
      session.take(recipe, result.steps, (index) => record.keysOf(index));
      complete = result.provenance.complete;
      const steps = result.steps.map((step, index) => ({ ...step, scratchKeys: record.keysOf(asked.nBefore + index) }));
      return { ...result, steps };
    } finally {
      const sentence = await record.end(complete);
      if (sentence) job.onEvent({ kind: "warning", code: "resume", message: sentence });
    }
  }

  scoreboard(...[jobId, request, onEvent]: Parameters<ComputeApi["scoreboard"]>): Promise<Scoreboard> {
    return this.#jobs.during(jobId, async (signal) => {
      const truth = await this.#session.truth;
      return runScoreboard({ ...this.#scorable(), truth }, request, signal, onEvent);
    });
  }

  correlationMatrix(...[jobId, request, onProgress]: Parameters<ComputeApi["correlationMatrix"]>) {
    return this.#jobs.during(jobId, (signal) => runCorrelationMatrix(this.#scorable(), request, signal, onProgress));
  }

  #scorable(): Scorable {
    const { recording, facts, spikes, found } = this.#session;
    return { spikes, found, probe: recording?.reader.recording.probe ?? facts.probe };
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
    this.#loan.connect(port);
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
