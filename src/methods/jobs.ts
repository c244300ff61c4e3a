import type { JobEvent } from "../protocol/methods.ts";

/** One thing that is being computed and can be stopped or held. */
export interface Job {
  controller: AbortController;
  /** resolves at once, or when a paused job goes on */
  gate: Promise<void>;
  open: () => void;
  onEvent: (event: JobEvent) => void;
  /** it changes nothing: a score, a picture */
  onlyLooks: boolean;
}

const passed = Promise.resolve();

/** Jobs by the id that whoever started them chose. Unknown ids are jobs that have ended: nothing happens. */
export class Jobs {
  readonly #byId = new Map<string, Job>();

  get size(): number {
    return this.#byId.size;
  }

  /** Whether a recipe is run, which is what writes to the scratch: jobs that only look at what is there do not count. */
  get isRunning(): boolean {
    return [...this.#byId.values()].some(({ onlyLooks }) => !onlyLooks);
  }

  start(id: string, onEvent: (event: JobEvent) => void, onlyLooks = false): Job {
    const job: Job = { controller: new AbortController(), gate: passed, open: () => undefined, onEvent, onlyLooks };
    this.#byId.set(id, job);
    return job;
  }

  /** A job that only looks, reports by itself and cannot be held: it is there, to be cancelled, while `work` goes on. */
  async during<T>(id: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { controller } = this.start(id, () => undefined, true);
    try {
      return await work(controller.signal);
    } finally {
      this.end(id);
    }
  }

  end(id: string): void {
    this.#byId.delete(id);
  }

  cancel(id: string): void {
    const job = this.#byId.get(id);
    job?.controller.abort();
    job?.open();
  }

  cancelAll(): void {
    for (const id of this.#byId.keys()) this.cancel(id);
  }

  pause(id: string): void {
    const job = this.#byId.get(id);
    if (!job || job.gate !== passed) return;
    job.gate = new Promise((resolve) => {
      job.open = () => {
        job.gate = passed;
        resolve();
      };
    });
    job.onEvent({ kind: "state", state: "paused" });
  }

  resume(id: string): void {
    const job = this.#byId.get(id);
    if (!job || job.gate === passed) return;
    job.open();
    job.onEvent({ kind: "state", state: "running" });
  }
}
