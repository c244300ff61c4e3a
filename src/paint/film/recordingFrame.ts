import { meanOverDepths, rowMeansOffDiagonal, valueAt } from "../../core/filmTraces.ts";
import type { Range } from "../../core/types.ts";
import { CURVE_COLOURS } from "../../protocol/curveColours.ts";
import type { FilmView } from "../../protocol/films.ts";
import type { PictureView } from "../../protocol/pictures.ts";
import { visibleCurve } from "../curves.ts";
import { openRange, type Plot } from "../figure.ts";
import type { Frame, PaintData } from "../pictureData.ts";
import type { Content } from "../pictureDef.ts";
import { type Columns, nothing, placesOf } from "../projections.ts";
import { grouped } from "../rasterPlot.ts";
import { addRings } from "../scatterPlot.ts";
import { firstAtOrAfter } from "../spikeData.ts";
import { rounded } from "../words.ts";
import { addDots, type FilmOptions, projectionAxes, withStrips } from "./layout.ts";
import { paddedRange, type Strip } from "./strips.ts";

/**
 * One frame of a film of the recording: the spikes of a stretch of time from three sides, and three traces of the session
 * with the moment on them: motion, how well each time bin agrees with the others, entropy. Layout and traces follow
 * evarol/spikeLocalizationNetwork make_localization_movie.
 */
export function recordingFrame(
  data: PaintData,
  view: PictureView,
  film: FilmView,
  frame: Frame,
  options: FilmOptions,
): Content {
  const { spikes } = data;
  if (!spikes) return nothing(frame, "Open spikes, or find some in a recording, to see them as a film.");
  if (!spikes.spikes.xUm)
    return nothing(frame, "These spikes have a depth alone: run a step that localizes them to see them as a film.");
  const shown: Range = [film.timeSec, film.timeSec + film.binSec];
  const strips = recordingStrips(data, view, (shown[0] + shown[1]) / 2, frame);
  const { above, plots: traces } = withStrips(
    options.leavesOutEmpty ? strips.filter(({ message }) => !message) : strips,
    view,
    frame,
  );
  const isCorrected = (view.projectCorrected ?? true) && data.corrected !== null;
  const inside = { ...frame, box: above };
  const stretch = { ...view, timeRangeSec: shown };
  const places = placesOf(spikes, data, stretch, isCorrected, frame);
  // a spike at the edge of two frames belongs to the later one
  places.to = firstAtOrAfter(spikes.spikes.timeSec, shown[1]);
  // axes that hold all spikes of the film stand still
  const whole = { ...places, from: 0, to: spikes.spikes.nSpikes };
  const plots = projectionAxes(whole, data.probe, view, isCorrected, inside);
  const columns: Columns = [
    [places.depthUm, places.xUm],
    [places.zUm, places.xUm],
    [places.depthUm, places.zUm],
  ];
  for (const [i, plot] of plots.entries()) {
    const [x, y] = columns[i];
    if (x && y) plot.picks = { x, y, from: places.from, to: places.to };
  }
  const nSpikes = addDots(plots, columns, places, { data, spikes }, view, inside, { diameterPx: 5, opacity: 0.75 });
  const row = view.selectedSpike;
  if (typeof row === "number" && row >= places.from && row < places.to)
    addRings(plots, (i) => [columns[i][0]?.[row] ?? Number.NaN, columns[i][1]?.[row] ?? Number.NaN], frame.theme);
  plots[0].title = `${clock(shown[0])} to ${clock(shown[1])} s`;
  const by = spikes.placedBy ? `, ${spikes.placedBy}` : "";
  plots[0].note = `${grouped(nSpikes)} spikes${by}, ${isCorrected ? "motion corrected" : "as recorded"}`;
  return { plots: [...plots, ...traces] };
}

/** As many decimals as the shortest frame of 0.1 s needs. */
const clock = (sec: number) => (Math.round(sec * 10) / 10).toFixed(1);

/** A curve over time with its value at the moment of the frame. */
function trace(
  title: string,
  unit: string,
  curve: { x: ArrayLike<number>; y: ArrayLike<number> },
  atSec: number,
  value: number,
  colour: string,
  view: PictureView,
  frame: Frame,
): Strip {
  const range = openRange(view.timeRangeSec);
  const seen = visibleCurve(curve.x, curve.y, range, Math.max(1, frame.box.width));
  return {
    title,
    note: `${rounded(value, 3)}${unit ? ` ${unit}` : ""}`,
    x: { range, quantity: "Time", unit: "s", of: "time" },
    y: { range: paddedRange(curve.y), unit },
    layers: [{ kind: "curve", ...seen, colour, widthPx: 1.2 }],
    at: atSec,
    value,
    colour,
  };
}

function recordingStrips(data: PaintData, view: PictureView, atSec: number, frame: Frame): Strip[] {
  const colours = CURVE_COLOURS[frame.theme.name];
  const missing = (title: string, message: string): Strip => ({ ...noStrip, title, message });
  const { motion, correlation } = data;
  const strips: Strip[] = [];
  if (motion) {
    const y = frame.store.part("mean motion").remember([motion], () => meanOverDepths(motion));
    const x = motion.timeBinCentersSec;
    const title = "Motion, mean over depths (µm)";
    strips.push(trace(title, "µm", { x, y }, atSec, valueAt(x, y, atSec), colours[0], view, frame));
  } else strips.push(missing("Motion", "Estimate a motion, or open one, and its course is drawn here."));
  if (!correlation)
    return [
      ...strips,
      missing(
        "Correlation",
        "Compute the correlation, above, and how well each moment agrees with the others is here.",
      ),
    ];
  const { values, nBins, binSec, entropyNats } = correlation;
  const rho = frame.store.part("row means").remember([values], () => rowMeansOffDiagonal(values, nBins));
  const centres = frame.store
    .part("bins")
    .remember([nBins, binSec], () => Float64Array.from({ length: nBins }, (_, i) => (i + 0.5) * binSec));
  const bin = Math.min(nBins - 1, Math.max(0, Math.floor(atSec / binSec)));
  const ofBins = (title: string, unit: string, y: Float64Array, colour: string) =>
    strips.push(trace(title, unit, { x: centres, y }, atSec, y[bin], colour, view, frame));
  ofBins(`Correlation with the other bins of ${rounded(binSec, 3)} s, mean`, "", rho, colours[1]);
  if (entropyNats) ofBins("Entropy (nats)", "nats", entropyNats, colours[2]);
  else strips.push(missing("Entropy", "Compute the correlation, above, to have the entropy of each bin too."));
  return strips;
}

const noStrip: Strip = {
  title: "",
  note: "",
  x: { range: [0, 1], quantity: "", unit: "" },
  y: { range: [0, 1], unit: "" },
  layers: [],
  at: null,
  value: Number.NaN,
  colour: "",
};

/** A picture that is a sentence. */
export function sentence(frame: Frame, message: string): Content {
  const [plot]: Plot[] = nothing(frame, message).plots;
  return { plots: [{ ...plot, title: "Film" }] };
}
