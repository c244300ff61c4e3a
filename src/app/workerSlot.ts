import type { Remote } from "comlink";
import { AppError } from "../core/errors.ts";

/**
 * One worker and the calls that wait for it. comlink never settles a call whose worker has died, so every call also
 * waits for the worker's death and then fails with `worker-died`.
 */
export interface WorkerSlot<T> {
  /** Call the worker; rejects with AppError worker-died when it dies before it answers. */
  call<R>(work: (api: Remote<T>) => Promise<R>): Promise<R>;
  readonly alive: boolean;
  /** End the worker on purpose: calls that wait fail, nobody is told of a death. */
  close(reason: string): void;
}

export interface WorkerSlotOptions<T> {
  /** as the reader would call it: "compute", "file", "drawing" */
  name: string;
  start: () => Worker;
  connect: (worker: Worker) => Remote<T>;
  /** called once; `answered` tells a crash in use from a worker that never came up, which must not be restarted */
  onDeath: (error: AppError, answered: boolean) => void;
}

/** Start a worker and watch it. */
export function openSlot<T>({ name, start, connect, onDeath }: WorkerSlotOptions<T>): WorkerSlot<T> {
  const worker = start();
  const api = connect(worker);
  const waiting = new Set<(error: AppError) => void>();
  let dead: AppError | null = null;
  let answered = false;

  const end = (found: string): AppError | null => {
    if (dead) return null;
    dead = new AppError(
      "worker-died",
      `The ${name} worker stopped (${found}); what is open stays open, and it starts afresh with the next try.`,
      { worker: name, found },
    );
    worker.terminate();
    for (const reject of waiting) reject(dead);
    waiting.clear();
    return dead;
  };
  const die = (found: string) => {
    const error = end(found);
    if (error) onDeath(error, answered);
  };
  worker.addEventListener("error", (event) => die(event.message || "it crashed or could not be loaded"));
  worker.addEventListener("messageerror", () => die("a message could not be read"));

  return {
    get alive() {
      return dead === null;
    },
    close(reason) {
      end(reason);
    },
    call(work) {
      return new Promise((resolve, reject) => {
        if (dead) {
          reject(dead);
          return;
        }
        waiting.add(reject);
        work(api)
          .then((value) => {
            answered = true;
            resolve(value);
          }, reject)
          .finally(() => waiting.delete(reject));
      });
    },
  };
}
