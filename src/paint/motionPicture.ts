import type { PictureView } from "../protocol/pictures.ts";
import { openRange, type Plot } from "./figure.ts";
import { addCursor } from "./marksOnTime.ts";
import { addEdited, addMotion } from "./oneMotion.ts";
import { type Frame, type PaintData, selectedRow } from "./pictureData.ts";
import { severalMotions } from "./severalMotions.ts";
import { shankLines } from "./shankLines.ts";

/** How far the tissue has moved over time: the active motion along depth, several motions, or the one that is edited. */
export function motionPlot({ motion, motions, spikes }: PaintData, view: PictureView, { box, theme }: Frame): Plot {
  let plot: Plot = {
    box,
    title: "Motion",
    note: "up = tissue moved toward the top of the probe",
    x: { range: openRange(view.timeRangeSec), quantity: "Time", unit: "s", of: "time" },
    y: { range: [-1, 1], quantity: "Displacement", unit: "µm" },
    layers: [],
    grid: true,
  };
  if (!motion)
    return {
      ...plot,
      note: undefined,
      message: "Run a method that estimates motion, or open one, to see how far the tissue moved.",
    };
  const lines = shankLines(motions);
  if (view.editing) addEdited(plot, motion, motions, view.editing, box.width, theme);
  else if (lines.length > 1 || lines.some(({ isActive }) => !isActive))
    plot = severalMotions(lines, plot, box.width, theme);
  else addMotion(plot, motion, box.width, theme);
  const index = selectedRow(spikes, view);
  if (spikes && index !== null) {
    plot.layers.push({ kind: "vertical", x: spikes.spikes.timeSec[index], colour: theme.selected, solid: true });
  }
  addCursor(plot, view, theme);
  return plot;
}
