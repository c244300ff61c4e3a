import { correctDepths, correctLateral } from "../../core/motion.ts";
import type { Range, SpikeTable } from "../../core/types.ts";
import { CURVE_COLOURS } from "../../protocol/curveColours.ts";
import type { OptimisationFilm, OptimisationMoment, OptimisationSnapshot } from "../../protocol/films.ts";
import type { PictureView } from "../../protocol/pictures.ts";
import { lineColour } from "../axes.ts";
import { colourTable } from "../colourMaps.ts";
import { displacementAlong, motionLevels, visibleCurve } from "../curves.ts";
import { type Layer, openRange } from "../figure.ts";
import type { Frame, PaintData } from "../pictureData.ts";
import type { Content } from "../pictureDef.ts";
import type { Columns, Places } from "../projections.ts";
import { grouped } from "../rasterPlot.ts";
import { rowsWithin, type SpikeData } from "../spikeData.ts";
import type { Theme } from "../theme.ts";
import { fitted, rounded } from "../words.ts";
import { addDots, projectionAxes, withStrips } from "./layout.ts";
import { sentence } from "./recordingFrame.ts";
import { paddedRange, type Strip } from "./strips.ts";

/** Curves of motion that can be told apart in a trace. */
const mostLevels = 7;

/**
 * One frame of a film of a run: where a sample of the spikes was at that moment, corrected by the motion of that moment, and
 * below it that motion over the recording, ρ̄ (or the loss) and the outer iteration over the moments of the run.
 */
export function optimisationFrame(data: PaintData, view: PictureView, frame: Frame): Content {
  const { spikes, optimisation } = data;
  if (!spikes || !optimisation)
    return sentence(
      frame,
      "Run a step that optimises while this panel is open or not: its course is kept for this film.",
    );
  const { snapshot, moments, index } = optimisation;
  const moment = moments[index];
  const table = frame.store.part("sample").remember([spikes, snapshot], () => sampleOf(spikes, snapshot));
  const { above, plots: traces } = withStrips(stripsOf(optimisation, view, frame), view, frame);
  const inside = { ...frame, box: above };
  const { motion } = snapshot;
  const isCorrected = (view.projectCorrected ?? true) && motion !== null;
  const places = placesIn(table, snapshot, isCorrected, view.timeRangeSec);
  const plots = projectionAxes({ ...places, from: 0, to: table.spikes.nSpikes }, data.probe, view, isCorrected, inside);
  const columns: Columns = [
    [places.depthUm, places.xUm],
    [places.zUm, places.xUm],
    [places.depthUm, places.zUm],
  ];
  // what is known of all spikes, by row, says nothing of rows of the sample
  const sampled = { data: { ...data, corrected: null, monopolar: null }, spikes: table };
  const nSpikes = addDots(plots, columns, places, sampled, view, inside, { diameterPx: 3, opacity: 0.6 });
  const words = `${index + 1} of ${moments.length}: ${moment.title}`;
  plots[0].title = fitted(words, 0.6 * above.width, frame.theme.titlePx);
  plots[0].note = `${grouped(nSpikes)} spikes, ${isCorrected ? "motion corrected" : "as recorded"}`;
  return { plots: [...plots, ...traces] };
}

/** The spikes of a snapshot as a table of their own, with the places they had. */
function sampleOf(data: SpikeData, { rows, xyza }: OptimisationSnapshot): SpikeData {
  const { spikes } = data;
  const n = rows.length;
  const pick = (column: Float64Array | undefined) => column && Float64Array.from(rows, (row) => column[row]);
  const placed = (k: number) => xyza && Float64Array.from({ length: n }, (_, i) => xyza[4 * i + k]);
  const own = placed(3);
  const sample: SpikeTable = {
    nSpikes: n,
    timeSec: Float64Array.from(rows, (row) => spikes.timeSec[row]),
    depthUm: placed(1) ?? Float64Array.from(rows, (row) => spikes.depthUm[row]),
    ampUv: Float32Array.from(rows, (row) => spikes.ampUv[row]),
    xUm: placed(0) ?? pick(spikes.xUm),
    zUm: placed(2) ?? pick(spikes.zUm),
    alpha: own?.some(Number.isFinite) ? own : pick(spikes.alpha),
  };
  const { shank, unit } = spikes;
  if (shank) sample.shank = Int32Array.from(rows, (row) => shank[row]);
  if (unit) sample.unit = Int32Array.from(rows, (row) => unit[row]);
  // limits of colours are those of all spikes
  return { ...data, spikes: sample, absAmpUv: Float32Array.from(rows, (row) => data.absAmpUv[row]) };
}

function placesIn(
  { spikes }: SpikeData,
  { motion }: OptimisationSnapshot,
  isCorrected: boolean,
  timeRangeSec: Range,
): Places {
  const { timeSec, depthUm, shank } = spikes;
  const xUm = spikes.xUm ?? new Float64Array(spikes.nSpikes);
  const moved = isCorrected ? motion : null;
  return {
    depthUm: moved ? correctDepths(moved, timeSec, depthUm, shank) : depthUm,
    xUm: moved ? correctLateral(moved, timeSec, xUm) : xUm,
    zUm: spikes.zUm?.some(Number.isFinite) ? spikes.zUm : null,
    ...rowsWithin(timeSec, timeRangeSec),
  };
}

function stripsOf({ moments, index, snapshot, scoreName }: OptimisationFilm, view: PictureView, frame: Frame): Strip[] {
  const colours = CURVE_COLOURS[frame.theme.name];
  const strips: Strip[] = [];
  const over = (title: string, y: readonly number[], colour: string, digits: number): Strip => {
    const isWhole = digits === 0;
    const x = y.map((_, i) => i + 1);
    return {
      title,
      note: rounded(y[index], digits),
      x: { range: [0.5, Math.max(2, y.length) + 0.5], quantity: "Moment of the run", unit: "" },
      y: { range: paddedRange(y), unit: "", isWhole },
      layers: [{ kind: "curve", x, y, colour, widthPx: 1.4 }],
      at: index + 1,
      value: y[index],
      colour,
    };
  };
  const scores = moments.map(({ score }) => score);
  const title = scoreName === "ρ̄" ? "ρ̄ of the validation, grid of the training" : "Loss";
  if (scores.some(Number.isFinite)) strips.push(over(title, scores, colours[1], 4));
  const iterations = moments.map(({ iteration }) => iteration ?? Number.NaN);
  if (iterations.some(Number.isFinite)) strips.push(over("Outer iteration", iterations, colours[2], 0));
  else if (strips.length === 0)
    strips.push(
      over(
        "Step",
        moments.map(({ step }) => step),
        colours[2],
        0,
      ),
    );
  const motion = motionStrip(moments, snapshot, view, frame.theme, frame.box.width);
  return motion ? [...strips, motion] : strips;
}

/** The motion of the moment, a curve per depth, on an axis that holds those of all moments. */
function motionStrip(
  moments: readonly OptimisationMoment[],
  { motion }: OptimisationSnapshot,
  view: PictureView,
  theme: Theme,
  widthPx: number,
): Strip | null {
  if (!motion) return null;
  const range = openRange(view.timeRangeSec);
  const levels = motionLevels(motion, mostLevels);
  const table = colourTable("viridis", theme.lineSpan);
  const layers = Array.from(levels, (depthUm, i): Layer => {
    const seen = visibleCurve(motion.timeBinCentersSec, displacementAlong(motion, depthUm), range, widthPx);
    return { kind: "curve", ...seen, colour: lineColour(table, i, levels.length), widthPx: 1.2 };
  });
  const highest = theme.name === "dark" ? "bright" : "dark";
  const bins = levels.length === 1 ? "one for all depths" : `${levels.length} depths, ${highest} is high on the probe`;
  return {
    title: `Motion at that moment (µm), ${bins}`,
    note: "",
    x: { range, quantity: "Time", unit: "s", of: "time" },
    y: { range: paddedRange(moments.flatMap(({ displacementUm }) => displacementUm ?? [])), unit: "µm" },
    layers,
    at: null,
    value: Number.NaN,
    colour: theme.text,
  };
}
