import type { MethodContext, Yielded } from "../defineMethod.ts";

/** Often enough for a cancel to be felt at once. */
const tickEverySec = 0.03;
const progressEverySec = 0.25;

/**
 * Drive a computation that yields the share of it that is done (0 … 1, never falling): ticks, and progress in percent.
 * What else it yields is passed on. Returns null when it was stopped; the computation is then closed, so that its `finally` frees what it holds.
 */
export async function* paced<Result>(
  work: Generator<number | Yielded, Result | null> | AsyncGenerator<number | Yielded, Result | null>,
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
  try {
    while (!signal.aborted) {
      const next = await work.next();
      if (next.done) {
        yield progress(100);
        return next.value;
      }
      if (typeof next.value !== "number") {
        yield next.value;
        continue;
      }
      const now = performance.now();
      if (now - progressAt > 1000 * progressEverySec && 100 * next.value > said && next.value < 1) {
        progressAt = now;
        tickAt = now;
        yield progress(100 * next.value);
      } else if (now - tickAt > 1000 * tickEverySec) {
        tickAt = now;
        yield { kind: "tick" };
      }
    }
    return null;
  } finally {
    await work.return(null);
  }
}
