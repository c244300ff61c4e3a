import type { RunResult, StepResult } from "../protocol/methods.ts";

/** What stays of a run when a step runs again: the steps that `isEarlier`; null when there are none. */
export function keptOf(before: RunResult | null, isEarlier: (method: string) => boolean): RunResult | null {
  const stays = ({ method }: { method: string }) => isEarlier(method);
  const steps = before?.steps.filter(stays) ?? [];
  if (!before || steps.length === 0) return null;
  return {
    ...before,
    recipe: { ...before.recipe, steps: before.recipe.steps.filter(stays) },
    steps,
    provenance: { ...before.provenance, complete: steps.every((step) => step.complete) },
  };
}

/**
 * Steps that were run one by one, as one run: what an export of both writes. `kept` are the steps before those of `now`;
 * `seed` is that of the recipe, whose step k draws from seed + k however it is run.
 */
export function mergeRuns(kept: RunResult | null, now: RunResult, seed: number): RunResult {
  if (!kept) return now;
  const steps: StepResult[] = [...kept.steps, ...now.steps];
  const peaks = [kept.provenance.peakMemoryBytes, now.provenance.peakMemoryBytes].filter((bytes) => bytes !== null);
  return {
    recipe: { ...now.recipe, seed, steps: [...kept.recipe.steps, ...now.recipe.steps] },
    steps,
    provenance: {
      ...now.provenance,
      seed,
      startedAt: kept.provenance.startedAt,
      inputs: kept.provenance.inputs,
      stageSeconds: Object.assign({}, ...steps.map((step) => step.stageSeconds)),
      peakMemoryBytes: peaks.length > 0 ? Math.max(...peaks) : null,
      complete: steps.every((step) => step.complete),
    },
    log: [...kept.log, ...now.log],
  };
}
