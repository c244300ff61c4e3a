import type { TrainingChart } from "../protocol/pictures.ts";
import { csvText } from "../protocol/scoreCsv.ts";
import { clippedSteps, groupsOf, type MetricGroup, pointsOf } from "./metricGroups.ts";
import type { LossCurves } from "./results.ts";
import { thin } from "./thin.ts";

/** The curves of a training as the paint worker draws them. */

/** Points per curve; a picture is not wider than this in px. */
const MAX_POINTS = 800;
/** Points per curve where one can zoom in. */
export const MAX_POINTS_EXPLORED = 6000;

/** What is worth a look first, where there is more than fits. */
const FIRST: readonly string[] = ["loss", "rho", "rmse", "truth", "gradient", "entropy", "tether", "spread"];
const N_FIRST = 4;

/** The groups that are shown: the first four, all, or the one of an id; all where there is none of that id. */
export function chosenGroups(groups: readonly MetricGroup[], choice: string): readonly MetricGroup[] {
  const one = groups.filter(({ id }) => id === choice);
  if (one.length > 0) return one;
  if (choice !== "overview" || groups.length <= N_FIRST) return groups;
  const rank = ({ id }: MetricGroup) => (FIRST.includes(id) ? FIRST.indexOf(id) : FIRST.length);
  const first = [...groups].sort((a, b) => rank(a) - rank(b)).slice(0, N_FIRST);
  return groups.filter((group) => first.includes(group));
}

export function trainingCharts(
  groups: readonly MetricGroup[],
  curves: LossCurves,
  maxPoints = MAX_POINTS,
): TrainingChart[] {
  return groups.map((group) => {
    const lines = group.curves.map(({ name, label, isBaseline }) => {
      const { x, y } = pointsOf(curves, name);
      const style: "line" | "baseline" = isBaseline ? "baseline" : "line";
      return { label, style, x: thin(x, maxPoints), y: thin(y, maxPoints) };
    });
    const { x, y } = group.id === "gradient" ? clippedSteps(curves) : { x: [], y: [] };
    const step = Math.max(1, Math.ceil(x.length / maxPoints));
    const some = (values: number[]) => values.filter((_, i) => i % step === 0);
    const dots = x.length > 0 ? [{ label: "clipped", style: "dots" as const, x: some(x), y: some(y) }] : [];
    return { title: group.title, unit: group.unit, fromZero: group.fromZero ?? false, curves: [...lines, ...dots] };
  });
}

/** Everything that can be shown of a training, for a choice. */
export function chartChoices(curves: LossCurves): { groups: MetricGroup[]; options: { id: string; title: string }[] } {
  const groups = groupsOf(curves);
  const several = groups.length > N_FIRST ? [{ id: "overview", title: "the most telling" }] : [];
  return { groups, options: [...several, { id: "all", title: "all curves" }, ...groups] };
}

/** Every value of the curves of some groups as CSV: a row per step that has one, a column per curve with its unit. */
export function curvesAsCsv(groups: readonly MetricGroup[], { step, values }: LossCurves): string {
  const columns = groups.flatMap(({ id, unit, curves }) => [
    ...curves.map(({ name }) => ({ name, title: unit ? `${name} (${unit})` : name })),
    ...(id === "gradient" && "clipped" in values ? [{ name: "clipped", title: "clipped" }] : []),
  ]);
  const rows = step.flatMap((at, i) => {
    const cells = columns.map(({ name, title }) => [title, values[name][i]] as const);
    return cells.every(([, value]) => Number.isNaN(value)) ? [] : [{ step: at, ...Object.fromEntries(cells) }];
  });
  return csvText(["step", ...columns.map(({ title }) => title)], rows);
}
