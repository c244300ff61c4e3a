import type { DrawnMotion } from "../protocol/motions.ts";
import { commonRange, lineOf, motionLegend } from "./comparePictures.ts";
import { centredAlong } from "./comparison.ts";
import { levelsAcross, visibleCurve } from "./curves.ts";
import type { Layer, Plot } from "./figure.ts";
import type { Theme } from "./theme.ts";

/** Depths at which each motion is drawn: low, middle and high on the probe. */
const nLevels = 3;

/**
 * The content of the motion picture when several motions are shown: one colour each, the active one bold, the truth dashed,
 * at the same few depths for all and without their medians, for motions have no common zero.
 */
export function severalMotions(motions: readonly DrawnMotion[], plot: Plot, widthPx: number, theme: Theme): Plot {
  const ranges = motions.map(({ motion }) => motion.depthBinCentersUm).filter((depths) => depths.length > 1);
  const low = Math.max(...ranges.map((depths) => depths[0]));
  const high = Math.min(...ranges.map((depths) => depths[depths.length - 1]));
  const isRigid = ranges.length === 0 || high <= low;
  const levels = isRigid
    ? [motions[0].motion.depthBinCentersUm[0]]
    : [...levelsAcross([low, high], nLevels + 2)].slice(1, -1);
  const traces = motions.map(({ motion }) => levels.map((depthUm) => centredAlong(motion, depthUm)));
  const layers = motions.map((drawn, m) =>
    traces[m].map((trace, l): Layer => {
      const name = `${drawn.title} at ${Math.round(levels[l])} µm`;
      const seen = visibleCurve(drawn.motion.timeBinCentersSec, trace, plot.x.range, widthPx);
      return { kind: "curve", name, ...seen, ...lineOf(drawn, theme), opacity: drawn.isActive ? 1 : 0.8 };
    }),
  );
  // bold lines below, where the others can be seen on them
  const order = [...motions.keys()].sort((a, b) => Number(motions[b].isActive) - Number(motions[a].isActive));
  const depths = isRigid ? "" : `at ${levels.map((depthUm) => Math.round(depthUm)).join(", ")} µm, `;
  return {
    ...plot,
    note: `${depths}medians taken out`,
    y: { ...plot.y, range: commonRange(traces.flat()) },
    layers: [{ kind: "horizontal", y: 0, colour: theme.frame }, ...order.flatMap((m) => layers[m])],
    legend: motionLegend(motions, theme),
  };
}
