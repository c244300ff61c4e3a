import type { MethodContext, Yielded } from "../defineMethod.ts";

/** Often enough for a cancel to be felt at once. */
const tickEverySec = 0.03;
const progressEverySec = 0.25;

/**
 * Drive a computation that yields the share of it that is done (0 … 1, never falling): ticks, and progress in percent.
 * Returns null when it was stopped.
 */
export async function* paced<Result>(
  work: Generator<number, Result>,
  { signal }: MethodContext,
): AsyncGenerator<Yielded, Result | null> {
  const started = performance.now();
  let tickAt = started;
  let progressAt = started;
  let said = 0;
  const progress = (done: number): Yielded => {
    said = done;
    const ratePerSec = Math.max(1e-9, (1000 * done) / Math.max(1e-3, performance.now() - started));
    return { kind: "progress", done, total: 100, unit: "%", ratePerSec, secondsLeft: (100 - done) / ratePerSec };
  };
  for (;;) {
    if (signal.aborted) return null;
    const next = work.next();
    if (next.done) {
      yield progress(100);
      return next.value;
    }
    const now = performance.now();
    if (now - progressAt > 1000 * progressEverySec && 100 * next.value > said) {
      progressAt = now;
      tickAt = now;
      yield progress(100 * next.value);
    } else if (now - tickAt > 1000 * tickEverySec) {
      tickAt = now;
      yield { kind: "tick" };
    }
  }
}
