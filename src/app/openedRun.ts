import type { MetricSeries, RunResult, StepResult } from "../protocol/methods.ts";
import { sendAllToCompute } from "./clients.ts";
import { IDLE_JOB, IDLE_STEP, type StepView } from "./jobReducer.ts";
import { useMotions } from "./motions.ts";
import { getResults, type LossCurves, replaceCurves, setOutcomes, setRun } from "./results.ts";
import { addRun } from "./runList.ts";
import { useRun } from "./runStore.ts";
import { notifyError } from "./sessionStore.ts";

/** A run that was saved earlier and is opened with its spikes: its steps, their curves and positions, as if it had run here. */

/** Curves by name as one table: a row for each step that any of them has a value at. */
export function curvesOf(metrics: Readonly<Record<string, MetricSeries>>): LossCurves {
  const all = new Set<number>();
  for (const { step } of Object.values(metrics)) for (const one of step) all.add(one);
  const step = [...all].sort((a, b) => a - b);
  const rowOf = new Map(step.map((one, row) => [one, row]));
  const values = Object.entries(metrics).map(([name, series]) => {
    const curve = new Array<number>(step.length).fill(Number.NaN);
    for (const [k, one] of series.step.entries()) curve[rowOf.get(one) ?? 0] = series.value[k];
    return [name, curve] as const;
  });
  return { step, values: Object.fromEntries(values) };
}

function viewOf({ complete, metrics, gate }: StepResult): StepView {
  const latest = Object.entries(metrics).map(([name, { value }]) => [name, value.at(-1) ?? Number.NaN] as const);
  return {
    ...IDLE_STEP,
    state: complete ? "done" : "cancelled",
    latest: Object.fromEntries(latest),
    latestStep: Math.max(0, ...Object.values(metrics).map(({ step }) => step.at(-1) ?? 0)),
    gate: gate ?? null,
  };
}

/** Steps with the motions they gave, which a directory holds beside them: of several by one method that with the step's seed. */
function withMotions({ recipe, steps }: RunResult): StepResult[] {
  const { entries } = useMotions.getState();
  return steps.map((step, index) => {
    const seed = recipe.steps[index]?.seed ?? recipe.seed + index;
    const own = entries.filter(({ from }) => from.kind === "run" && from.method === step.method);
    const found = own.find(({ from }) => from.kind === "run" && from.seed === seed) ?? own.at(-1);
    return found ? { ...step, motion: found.motion } : step;
  });
}

/** Over the spikes and the motions that are on screen already. */
export function showOpenedRun(opened: RunResult): void {
  const run = { ...opened, steps: withMotions(opened) };
  setRun(run);
  setOutcomes(run.steps);
  const curves = run.steps.flatMap(({ method, metrics }) =>
    Object.keys(metrics).length > 0 ? [[method, curvesOf(metrics)] as const] : [],
  );
  replaceCurves({ ...getResults().curves, ...Object.fromEntries(curves) });
  const steps = Object.fromEntries(run.steps.map((step) => [step.method, viewOf(step)]));
  useRun.setState({ job: { ...IDLE_JOB, steps } });
  sendAllToCompute().catch(notifyError);
  addRun(
    run,
    run.steps.map(({ method }) => method),
    "file",
  );
}
