/**
 * Give each of `wanted` (descriptions, streams) the one of `candidates` (files) that is its own. Rule by rule, from the surest to
 * the weakest, each that still waits gets the only candidate left that the rule allows; where none or several fit it waits on.
 * `nWaiting` tells a rule how many wait with it: what fits the last one may be told by its size alone.
 */
export async function pairByRules<W, C>(
  wanted: readonly W[],
  candidates: Iterable<C>,
  rules: readonly ((one: W, candidate: C, nWaiting: number) => boolean | Promise<boolean>)[],
): Promise<Map<W, C>> {
  const found = new Map<W, C>();
  const free = new Set(candidates);
  for (const rule of rules) {
    const waiting = wanted.filter((one) => !found.has(one));
    for (const one of waiting) {
      const fitting: C[] = [];
      for (const candidate of free) if (await rule(one, candidate, waiting.length)) fitting.push(candidate);
      if (fitting.length !== 1) continue;
      found.set(one, fitting[0]);
      free.delete(fitting[0]);
    }
  }
  return found;
}
