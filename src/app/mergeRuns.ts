import type { RunResult, StepResult } from "../protocol/methods.ts";

/**
 * Steps that were run one by one, as one run: what an export of both writes. `seed` is that of the recipe, whose step k
 * draws from seed + k however it is run. `order` lists the recipe's methods; steps after those that ran last are stale.
 */
export function mergeRuns(before: RunResult | null, now: RunResult, seed: number, order: readonly string[]): RunResult {
  const rank = (step: { method: string }) => order.indexOf(step.method);
  const first = Math.min(...now.recipe.steps.map(rank));
  const kept = before?.steps.filter((step) => rank(step) < first) ?? [];
  if (!before || kept.length === 0) return now;
  const steps: StepResult[] = [...kept, ...now.steps];
  const keptRecipe = before.recipe.steps.filter((step) => rank(step) < first);
  const peaks = [before.provenance.peakMemoryBytes, now.provenance.peakMemoryBytes].filter((bytes) => bytes !== null);
  return {
    recipe: { ...now.recipe, seed, steps: [...keptRecipe, ...now.recipe.steps] },
    steps,
    provenance: {
      ...now.provenance,
      seed,
      startedAt: before.provenance.startedAt,
      inputs: before.provenance.inputs,
      stageSeconds: Object.assign({}, ...steps.map((step) => step.stageSeconds)),
      peakMemoryBytes: peaks.length > 0 ? Math.max(...peaks) : null,
      complete: steps.every((step) => step.complete),
    },
    log: [...before.log, ...now.log],
  };
}
