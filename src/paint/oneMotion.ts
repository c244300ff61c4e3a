import { motionOfShank } from "../core/motion.ts";
import type { Motion, Range } from "../core/types.ts";
import type { DrawnMotion } from "../protocol/motions.ts";
import type { EditedView } from "../protocol/pictures.ts";
import { lineColour } from "./axes.ts";
import { colourTable } from "./colourMaps.ts";
import { displacementAlong, mostCurves, motionLevels, visibleCurve } from "./curves.ts";
import type { Plot } from "./figure.ts";
import type { Theme } from "./theme.ts";

/** One motion: a curve per depth, coloured by it. */
export function addMotion(plot: Plot, motion: Motion, widthPx: number, theme: Theme): void {
  const levels = motionLevels(motion, mostCurves);
  const table = colourTable("viridis", theme.lineSpan);
  plot.y = { ...plot.y, range: displacementRange(motion) };
  plot.layers.push({ kind: "horizontal", y: 0, colour: theme.frame });
  plot.legend = [];
  levels.forEach((depthUm, i) => {
    const colour = lineColour(table, i, levels.length);
    const y = displacementAlong(motion, depthUm);
    const seen = visibleCurve(motion.timeBinCentersSec, y, plot.x.range, widthPx);
    plot.layers.push({ kind: "curve", ...seen, colour, widthPx: 1.5 });
    plot.legend?.unshift({ label: `${Math.round(depthUm)} µm`.replace("-", "−"), colour }); // top of the probe on top
  });
}

/** All displacements with a margin, 0 included, at least ±1 µm: does not jump about while one pans. */
function displacementRange(motion: Motion): Range {
  let [low, high] = [-1, 1];
  for (const v of motion.displacementUm) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  const margin = 0.06 * (high - low);
  return [low - margin, high + margin];
}

/**
 * The motion that is being edited, or that of the shank in hand: its own curves, what they were made from behind them in
 * grey, and the masked stretches shaded. The axis holds the edited one, so that a cut artefact leaves it.
 */
export function addEdited(
  plot: Plot,
  motion: Motion,
  motions: readonly DrawnMotion[],
  { originalId, shank, maskedSec }: EditedView,
  widthPx: number,
  theme: Theme,
): void {
  const edited = motionOfShank(motion, shank ?? undefined);
  const original = motions.find(({ id }) => id === originalId)?.motion;
  addMotion(plot, edited, widthPx, theme);
  const behind: Plot["layers"] = [];
  if (maskedSec.length > 0) {
    const rects = maskedSec.map((x) => ({ x, y: plot.y.range, fill: theme.faintText }));
    behind.push({ kind: "rects", rects, opacity: 0.22 });
  }
  if (original) {
    const before = motionOfShank(original, shank ?? undefined);
    for (const depthUm of motionLevels(edited, mostCurves)) {
      const seen = visibleCurve(before.timeBinCentersSec, displacementAlong(before, depthUm), plot.x.range, widthPx);
      const name = `before, ${Math.round(depthUm)} µm`;
      behind.push({ kind: "curve", name, ...seen, colour: theme.faintText, widthPx: 1, opacity: 0.6 });
    }
    plot.legend?.push({ label: "before", colour: theme.faintText, widthPx: 1 });
  }
  plot.layers.unshift(...behind);
}
