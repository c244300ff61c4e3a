import { type MotionScore, scoreMotion } from "../core/motionScore.ts";
import type { Motion } from "../core/types.ts";
import type { MethodInfo } from "../protocol/methods.ts";
import { formatCount, formatDuration, formatNumber } from "./format.ts";
import { displacementRangeUm } from "./motionSummary.ts";
import { valueToText } from "./recipeForm.ts";
import { type RunEntry, secondsOf } from "./runList.ts";

/** Runs beside each other: their numbers, and the parameters in which they differ. */

/** One line of a comparison: a value per run, in words with its unit; "–" where a run has none. */
export interface CompareRow {
  group: string;
  name: string;
  values: readonly string[];
  /** not every run says the same */
  differs: boolean;
}

const NONE = "–";

const scores = new WeakMap<Motion, { truth: Motion; score: MotionScore }>();

/** A run's motion against the one marked as true; null without either, or when they share no time. */
export function scoreAgainst(motion: Motion | null, truth: Motion | null): MotionScore | null {
  if (!motion || !truth || motion === truth) return null;
  const known = scores.get(motion);
  const score = known?.truth === truth ? known.score : scoreMotion(motion, truth);
  scores.set(motion, { truth, score });
  return score.nTimes > 0 ? score : null;
}

type Reading = readonly [name: string, of: (run: RunEntry) => string];

function readings(truth: Motion | null): Reading[] {
  const against = (unit: string, of: (score: MotionScore) => number) => (run: RunEntry) => {
    const score = scoreAgainst(run.motion, truth);
    return score ? `${formatNumber(of(score))}${unit}` : NONE;
  };
  const toTruth: Reading[] = [
    ["RMS to the truth", against(" µm", ({ rmseUm }) => rmseUm)],
    ["r with the truth", against("", ({ r }) => r)],
    ["gain against the truth", against("", ({ gain }) => gain)],
  ];
  return [
    ["spikes", ({ nSpikes }) => formatCount(nSpikes)],
    ["ρ̄ (repeatability)", ({ rho }) => formatNumber(rho)],
    ...(truth ? toTruth : []),
    ["displacement range", ({ motion }) => (motion ? `${formatNumber(displacementRangeUm(motion))} µm` : NONE)],
    ["seed", ({ recipe }) => String(recipe.seed)],
    ["computing time", (run) => formatDuration(secondsOf(run))],
    ["came to its end", ({ steps }) => (steps.every(({ complete }) => complete) ? "yes" : "no, stopped")],
  ];
}

function rowOf(group: string, name: string, values: string[]): CompareRow {
  return { group, name, values, differs: new Set(values).size > 1 };
}

/** Methods of some runs, in the order in which they first appear. */
function methodsOf(runs: readonly RunEntry[]): string[] {
  return [...new Set(runs.flatMap(({ steps }) => steps.map(({ method }) => method)))];
}

/** Every number and every parameter of some runs. `truth` is the motion that is marked as true. */
export function compareRuns(
  runs: readonly RunEntry[],
  methods: readonly MethodInfo[],
  truth: Motion | null,
): CompareRow[] {
  const rows = readings(truth).map(([name, of]) => rowOf("Numbers", name, runs.map(of)));
  for (const id of methodsOf(runs)) {
    const info = methods.find((method) => method.id === id);
    const title = info?.title ?? id;
    const steps = runs.map((run) => run.steps.findLast(({ method }) => method === id));
    const of = (key: "params" | "summary") => [...new Set(steps.flatMap((step) => Object.keys(step?.[key] ?? {})))];
    for (const name of of("params")) {
      const spec = info?.params[name];
      const unit = spec?.unit ? ` ${spec.unit}` : "";
      const values = steps.map((step) => {
        const value = step?.params[name];
        return value === undefined ? NONE : `${valueToText(value)}${unit}`;
      });
      rows.push(rowOf(`${title}: parameters`, spec?.label ?? name, values));
    }
    for (const name of of("summary"))
      rows.push(
        rowOf(
          `${title}: results`,
          name,
          steps.map((step) => formatNumber(step?.summary[name] ?? Number.NaN)),
        ),
      );
  }
  return rows;
}
