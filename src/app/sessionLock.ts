/** One page of a browser keeps its session: it holds a lock until it is closed. */

const LOCK = "driftscope-session";
/** a page that is reloaded holds the lock a moment longer than it lives */
const LOCK_TRIES = 10;
const LOCK_EVERY_MS = 100;

/** Take the lock; false when another page has it. `isReload`: this page may have had it a moment ago, which is worth a wait. */
export function holdLock(isReload: boolean): Promise<boolean> {
  return tryToHold(isReload ? LOCK_TRIES : 1);
}

async function tryToHold(tries: number): Promise<boolean> {
  if (!("locks" in navigator)) return true;
  const isHeld = await new Promise<boolean>((resolve) => {
    const hold = (lock: Lock | null) => {
      resolve(lock !== null);
      return lock ? new Promise<never>(() => undefined) : undefined;
    };
    navigator.locks.request(LOCK, { ifAvailable: true }, hold).catch(() => resolve(false));
  });
  if (isHeld || tries <= 1) return isHeld;
  await new Promise((resolve) => setTimeout(resolve, LOCK_EVERY_MS));
  return tryToHold(tries - 1);
}
