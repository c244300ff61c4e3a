/** A history of changes: of every step only the fields that it changed, so that what a run changes meanwhile stays. */

export type Fields = Readonly<Record<string, unknown>>;

export interface ChangeStep {
  /** the changed fields as they were, and as they became */
  before: Fields;
  after: Fields;
  /** number of the gesture that made it: what one drag, wheel or key does is one step */
  gesture: number;
}

export interface StepHistory {
  past: readonly ChangeStep[];
  future: readonly ChangeStep[];
}

export const NO_STEPS: StepHistory = { past: [], future: [] };

/** Steps that can be taken back; older ones are forgotten. */
export const MAX_STEPS = 200;

export type IsSame = (name: string, a: unknown, b: unknown) => boolean;

/** Small values by what they hold: ranges and texts are made anew although they are the same. */
export const isSameValue: IsSame = (_name, a, b) => a === b || JSON.stringify(a) === JSON.stringify(b);

function pick(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, fields[name]]));
}

/** Names of the fields in which two states differ. */
export function differing(before: Fields, after: Fields, isSame: IsSame = isSameValue): string[] {
  return Object.keys(after).filter((name) => !isSame(name, before[name], after[name]));
}

/**
 * The history after a change from one state to another. A change by the gesture of the last step joins it; one that brings
 * back what was before that step takes the step away. What had been undone can not be redone after a change.
 */
export function recorded(
  { past, future }: StepHistory,
  before: Fields,
  after: Fields,
  gesture: number,
  isSame: IsSame = isSameValue,
): StepHistory {
  const names = differing(before, after, isSame);
  if (names.length === 0) return { past, future };
  const last = past.at(-1);
  const joins = last !== undefined && last.gesture === gesture && future.length === 0;
  const from = joins ? { ...pick(before, names), ...last.before } : pick(before, names);
  const to = joins ? { ...last.after, ...pick(after, names) } : pick(after, names);
  const changed = differing(from, to, isSame);
  const earlier = joins ? past.slice(0, -1) : past;
  if (changed.length === 0) return { past: earlier, future: [] };
  const step: ChangeStep = { before: pick(from, changed), after: pick(to, changed), gesture };
  return { past: [...earlier, step].slice(-MAX_STEPS), future: [] };
}

/** The history one step back, and the fields to set for that; null when there is none. */
export function steppedBack({ past, future }: StepHistory): { history: StepHistory; fields: Fields } | null {
  const step = past.at(-1);
  if (!step) return null;
  return { history: { past: past.slice(0, -1), future: [step, ...future] }, fields: step.before };
}

/** The same one step forward again. */
export function steppedForward({ past, future }: StepHistory): { history: StepHistory; fields: Fields } | null {
  const [step] = future;
  if (!step) return null;
  return { history: { past: [...past, step], future: future.slice(1) }, fields: step.after };
}
