import { asAppError } from "../core/errors.ts";
import type { ScratchRun } from "../protocol/scratch.ts";

/** A value of JSON kept in a scratch folder again and again: two files take turns, so that a page closed while it writes leaves one whole. */
const FILES = ["state-0.json", "state-1.json"] as const;

/** Write a value over the one before the last; `turn` counts those that were written. */
export async function saveTurn(run: ScratchRun, value: object, turn: number): Promise<void> {
  const name = FILES[turn % FILES.length];
  await run.truncate(name, 0);
  await run.append(name, new TextEncoder().encode(JSON.stringify({ turn, state: value })));
}

/** Whoever starts over counts turns from the first again: older ones must not look newer. */
export async function forgetTurns(run: ScratchRun): Promise<void> {
  for (const name of FILES) await run.truncate(name, 0);
}

/** The newest whole value and the turn it was written in; null when there is none that `isOurs`. */
export async function loadTurn<T>(
  run: ScratchRun,
  isOurs: (state: { driftscope?: unknown }) => boolean,
): Promise<{ turn: number; state: T } | null> {
  const found: { turn: number; state: T }[] = [];
  for (const name of FILES) {
    const parsed = parseTurn(new TextDecoder().decode(await run.read(name, 0, await run.size(name))));
    if (parsed && Number.isInteger(parsed.turn) && isOurs(parsed.state))
      found.push(parsed as { turn: number; state: T });
  }
  return found.sort((a, b) => b.turn - a.turn)[0] ?? null;
}

/** Half a file is what a closed page leaves; it is not an error, the other one counts. */
function parseTurn(text: string): { turn: number; state: object } | null {
  try {
    const { turn, state } = JSON.parse(text) as { turn: number; state: object };
    return state && typeof state === "object" ? { turn, state } : null;
  } catch (error) {
    if (asAppError(error)) throw error;
    return null;
  }
}
