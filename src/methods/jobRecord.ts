import { messageOf } from "../core/errors.ts";
import { fingerprint } from "../protocol/fingerprint.ts";
import type { JobEvent, Recipe } from "../protocol/methods.ts";
import type { Scratch, ScratchRun } from "../protocol/scratch.ts";
import { type GivenToJob, loadGiven, saveGiven } from "./givenToJob.ts";
import { loadTurn, saveTurn } from "./turns.ts";

/** What a job is run on: the first file, the bytes of all, and what tells it from another file of that name. */
export interface JobIdentity {
  path: string;
  bytes: number;
  sha1OfFirstMb: string;
}

/** Where a job stands, as it is kept in the scratch while it runs and after it was stopped. */
export interface JobState {
  driftscope: 1;
  recipe: Recipe;
  input: JobIdentity;
  /** the step under way, from 0 */
  step: { index: number; title: string; share: number };
  nSpikes: number;
  savedAt: string;
  /** folders of the scratch that its steps keep their own states in */
  keys: string[];
}

/** A job that is about to start. */
export interface Job {
  /** with the steps that led to its own, of which there are `nBefore` */
  recipe: Recipe;
  nBefore: number;
  input: JobIdentity;
  /** folders that the steps before keep something in: what going on without them takes */
  keysBefore: Iterable<string>;
  /** spikes that are there already */
  nSpikes: number;
  /** what is there now; a job that is gone on with takes what it was begun with instead */
  given: GivenToJob;
  resume: boolean;
}

/** What a record holds of an earlier try. */
interface Saved {
  turn: number;
  keys: string[];
  given: GivenToJob;
}

/** Names of records among the folders of a scratch. */
const PREFIX = "job-";
const saveEveryMs = 2000;

export function isRecordKey(key: string): boolean {
  return key.startsWith(PREFIX);
}

export function loadJobState(run: ScratchRun): Promise<{ turn: number; state: JobState } | null> {
  return loadTurn<JobState>(run, (state) => state.driftscope === 1 && "keys" in state);
}

/**
 * The record of a job: which of its steps is under way, and in which folders of the scratch steps keep where they stand. It
 * comes to be when a step first keeps something (a job whose steps keep nothing cannot be gone on with) and is forgotten when
 * the job ends complete.
 */
export class JobRecord {
  readonly #scratch: Scratch;
  readonly #key: string;
  readonly #nBefore: number;
  readonly #state: JobState;
  readonly #given: GivenToJob;
  readonly #keysOfStep: Set<string>[];
  #folder: ScratchRun | null = null;
  #turn = 0;
  #savedMs = 0;
  /** writes go one after the other; the first that failed */
  #writing: Promise<void> = Promise.resolve();
  #failed: string | null = null;
  /** what the steps of the job are given for a scratch */
  readonly scratch: Scratch;

  private constructor(scratch: Scratch, key: string, job: Job, saved: Saved | null) {
    const { recipe, nBefore, input, nSpikes, given, keysBefore } = job;
    this.#scratch = scratch;
    this.#key = key;
    this.#nBefore = nBefore;
    this.#given = saved?.given ?? given;
    this.#turn = saved?.turn ?? 0;
    const step = { index: nBefore, title: "", share: 0 };
    const savedAt = new Date().toISOString();
    const keys = [...new Set([...keysBefore, ...(saved?.keys ?? [])])];
    this.#state = { driftscope: 1, recipe, input, step, nSpikes, savedAt, keys };
    this.#keysOfStep = recipe.steps.map(() => new Set());
    this.scratch = {
      ...scratch,
      open: async (opened) => {
        await this.#note(opened);
        return scratch.open(opened);
      },
    };
  }

  /** The record of a job, which a job that is gone on with finds again. */
  static async of(scratch: Scratch, job: Job): Promise<JobRecord> {
    const { recipe, input } = job;
    const text = JSON.stringify([input.bytes, input.sha1OfFirstMb, recipe.seed, recipe.steps]);
    const name = await fingerprint(new TextEncoder().encode(text));
    const key = `${PREFIX}${name || `plain-${input.bytes}-${recipe.seed}`}`;
    const saved = (await scratch.runs()).includes(key) ? await readRecord(scratch, key) : null;
    if (saved && !job.resume) await scratch.discard(key);
    return new JobRecord(scratch, key, job, job.resume ? saved : null);
  }

  /** The motion and the network that were there when the job was begun. */
  get given(): GivenToJob {
    return this.#given;
  }

  /** Folders that a step, counted over the whole recipe, has kept something in. */
  keysOf(index: number): string[] {
    return [...(this.#keysOfStep[index] ?? [])];
  }

  /** What the job says of where it stands. */
  take(event: JobEvent): void {
    const { step } = this.#state;
    if (event.kind === "step") this.#state.step = { index: this.#nBefore + event.index, title: event.title, share: 0 };
    else if (event.kind === "progress") step.share = event.total > 0 ? Math.min(1, event.done / event.total) : 0;
    else if (event.kind === "spikes") this.#state.nSpikes += event.spikes.nSpikes;
    else return;
    if (event.kind === "step" || performance.now() - this.#savedMs > saveEveryMs) this.#save();
  }

  /** The job has ended. Returns a sentence when where it stood could not be kept, and it can therefore not be gone on with. */
  async end(complete: boolean): Promise<string | null> {
    this.#save();
    await this.#writing;
    await this.#folder?.close();
    const there = await this.#scratch.runs();
    const isNothingLeft = !this.#state.keys.some((key) => there.includes(key));
    if (there.includes(this.#key) && (complete || isNothingLeft)) await this.#scratch.discard(this.#key);
    return this.#failed && `Where this run stands could not be kept, so it cannot be resumed: ${this.#failed}`;
  }

  async #note(key: string): Promise<void> {
    const { keys, step } = this.#state;
    this.#keysOfStep[step.index]?.add(key);
    const isKnown = this.#folder !== null && keys.includes(key);
    if (isKnown) return;
    if (!keys.includes(key)) keys.push(key);
    if (!this.#folder) {
      this.#folder = await this.#scratch.open(this.#key);
      await saveGiven(this.#folder, this.#given);
    }
    this.#save();
    await this.#writing; // what is kept must be known before it is there: nobody else gives its room back
  }

  #save(): void {
    const folder = this.#folder;
    if (!folder) return;
    this.#savedMs = performance.now();
    const state = { ...this.#state, savedAt: new Date().toISOString() };
    this.#writing = this.#writing
      .then(() => saveTurn(folder, state, ++this.#turn))
      .catch((error: unknown) => {
        this.#failed ??= messageOf(error);
      });
  }
}

async function readRecord(scratch: Scratch, key: string): Promise<Saved | null> {
  const run = await scratch.open(key);
  try {
    const saved = await loadJobState(run);
    return saved && { turn: saved.turn, keys: saved.state.keys, given: await loadGiven(run) };
  } finally {
    await run.close();
  }
}
