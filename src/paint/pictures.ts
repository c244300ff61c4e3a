import type { PictureKind, PictureView } from "../protocol/pictures.ts";
import { agreementPlots } from "./agreementPicture.ts";
import { alphaAxesPlots, alphaLocalPlots } from "./alphaPictures.ts";
import { alphaVariabilityPlots } from "./alphaVariabilityPicture.ts";
import { amplitudeFitPlots } from "./amplitudeFitPicture.ts";
import { activityPlot, amplitudePlot } from "./amplitudePictures.ts";
import { comparedRasterPlots, comparedTracePlots, differencePlots, fieldPlots } from "./comparePictures.ts";
import { correlationPlots } from "./correlationPicture.ts";
import { displacementLengthPlots, displacementPlots } from "./displacementPictures.ts";
import type { Figure, Plot } from "./figure.ts";
import { filmPlots } from "./film/filmPicture.ts";
import { localPairPlots, localQuantities } from "./localPairs.ts";
import { correlationGrid } from "./methodPictures.ts";
import { rasterGrid } from "./methodRasters.ts";
import { motionPlot } from "./motionPicture.ts";
import type { Frame, PaintData } from "./pictureData.ts";
import { type DataPart, definePicture, type PictureDef } from "./pictureDef.ts";
import { probePlot } from "./probePicture.ts";
import { projectionPlots } from "./projections.ts";
import { projectionsStack } from "./projectionsStack.ts";
import { rasterPicture } from "./rasterPictures.ts";
import { type RasterStore, rasterStore } from "./rasterPlot.ts";
import { spike3dPlot } from "./spike3dPicture.ts";
import { themeOf } from "./theme.ts";
import { tracePlots } from "./tracePicture.ts";
import { trainingPlots } from "./trainingPicture.ts";
import { unitDriftPlots } from "./unitDriftPicture.ts";
import { waveformPlot } from "./waveformPicture.ts";

export interface PictureSize {
  widthPx: number;
  heightPx: number;
  /** device pixels per CSS pixel: the resolution of rasters */
  pixelRatio: number;
}

type BuildPlot = (data: PaintData, view: PictureView, frame: Frame) => Plot;

const single =
  (build: BuildPlot): PictureDef["build"] =>
  (...given) => ({ plots: [build(...given)] });

const inTime = (view: PictureView) => [view.timeRangeSec, view.cursorTimeSec];
const inTimeAndDepth = (view: PictureView) => [...inTime(view), view.depthRangeUm];
const ofColours = ({ rasterColour, colourMap, alphaScale, strongestOnTop }: PictureView) => [
  rasterColour,
  colourMap,
  alphaScale,
  strongestOnTop,
];
const ofSpikes = (view: PictureView) => [ofColours(view), view.selectedSpike];
/** what pictures of single spikes are drawn from, whatever their axes are */
const spikeParts = ({ rasterColour }: PictureView): DataPart[] => {
  const always: DataPart[] = ["spikes", "brushed", "sorting"];
  if (rasterColour === "displacement") return [...always, "monopolar", "motion"];
  return rasterColour === "alpha" ? [...always, "alphaFrom"] : always;
};
/** what pictures that hold positions against each other are drawn from */
const placed = (view: PictureView): DataPart[] => [
  ...new Set<DataPart>([...spikeParts(view), "alphaFrom", "anchors", "motion", "motions", "probe", "otherPlaces"]),
];

/** Every kind of picture. A new one is a row here. */
const pictureDefs: Record<PictureKind, PictureDef> = {
  "raster-raw": {
    build: single((data, view, frame) => rasterPicture(false, data, view, frame)),
    sees: (view) => [inTimeAndDepth(view), ofSpikes(view), view.showMotion],
    uses: (view) => (view.showMotion ? [...spikeParts(view), "motion"] : spikeParts(view)),
  },
  "raster-corrected": {
    build: single((data, view, frame) => rasterPicture(true, data, view, frame)),
    sees: (view) => [inTimeAndDepth(view), ofSpikes(view)],
    uses: (view) => [...spikeParts(view), "motion"],
  },
  motion: definePicture(single(motionPlot), ["motion", "motions"], (view) => [
    inTime(view),
    view.selectedSpike,
    view.editing ?? null,
  ]),
  activity: definePicture(single(activityPlot), ["activity", "sorting"], (view) => [
    view.depthRangeUm,
    view.ampRangeUv,
  ]),
  amplitudes: definePicture(single(amplitudePlot), ["spikes", "brushed", "sorting"], (view) => [
    view.timeRangeSec,
    view.depthRangeUm,
    view.ampRangeUv,
    view.selectedSpike,
  ]),
  probe: definePicture(single(probePlot), ["spikes", "probe"], (view) => [
    view.timeRangeSec,
    view.depthRangeUm,
    view.colourMap,
    view.selectedSpike,
    view.selectedChannel,
  ]),
  traces: definePicture(tracePlots, ["spikes", "probe", "traces"], (view) => [
    view.depthRangeUm,
    view.traceStyle,
    view.cursorTimeSec,
    view.selectedSpike,
    view.selectedChannel,
  ]),
  waveform: definePicture(single(waveformPlot), ["spikes", "waveform", "sorting"], (view) => [
    view.waveformLayout,
    view.selectedSpike === null,
  ]),
  "spike-3d": definePicture(single(spike3dPlot), ["waveform"], (view) => [
    view.orbit,
    view.waveformLayout,
    view.selectedSpike === null,
  ]),
  "unit-drift": {
    build: unitDriftPlots,
    sees: (view) => [inTime(view), view.freeRanges.unitDepth, view.unit ?? null, ofSpikes(view)],
    uses: (view) => [...new Set<DataPart>([...spikeParts(view), "motion"])],
  },
  "amplitude-fit": definePicture(amplitudeFitPlots, ["waveform"], (view) => [view.selectedSpike === null]),
  projections: {
    build: projectionPlots,
    sees: (view) => [
      view.timeRangeSec,
      view.depthRangeUm,
      view.freeRanges.x,
      view.freeRanges.z,
      ofSpikes(view),
      view.projectCorrected ?? true,
    ],
    uses: (view) => [...spikeParts(view), "motion", "probe"],
  },
  "local-pairs": {
    build: localPairPlots,
    sees: (view) => [
      view.timeRangeSec,
      localQuantities.map((quantity) => view.freeRanges[quantity] ?? null),
      ofSpikes(view),
    ],
    uses: (view) => [...spikeParts(view), "anchors", "probe", "alphaFrom"],
  },
  "film-frame": definePicture(
    filmPlots,
    ["spikes", "sorting", "motion", "probe", "correlation", "optimisation"],
    (view) => [inTimeAndDepth(view), view.film, view.freeRanges, ofSpikes(view), view.projectCorrected ?? true],
  ),
  training: definePicture((data, _, frame) => trainingPlots(data, frame), ["training"]),
  correlation: definePicture(correlationPlots, ["correlation"], (view) => [
    view.timeRangeSec,
    view.colourMap,
    view.figures?.correlationMap,
  ]),
  "alpha-axes": {
    build: alphaAxesPlots,
    sees: (view) => [inTimeAndDepth(view), view.freeRanges, ofSpikes(view), view.projectCorrected ?? true],
    uses: placed,
  },
  "alpha-local": {
    build: alphaLocalPlots,
    sees: (view) => [view.timeRangeSec, view.freeRanges, view.colourMap, view.selectedSpike],
    uses: placed,
  },
  "alpha-variability": {
    build: alphaVariabilityPlots,
    sees: (view) => [
      view.timeRangeSec,
      view.depthRangeUm,
      view.colourMap,
      view.projectCorrected ?? true,
      view.figures?.alphaBinSec,
    ],
    uses: placed,
  },
  displacement: {
    build: displacementPlots,
    sees: (view) => [
      view.timeRangeSec,
      view.depthRangeUm,
      view.freeRanges,
      view.selectedSpike,
      view.figures?.displacement,
    ],
    uses: placed,
  },
  "displacement-lengths": {
    build: displacementLengthPlots,
    sees: (view) => [{ ...view.figures?.displacement, wheel: null }],
    uses: placed,
  },
  agreement: {
    build: agreementPlots,
    sees: (view) => [view.depthRangeUm, view.freeRanges, view.colourMap, view.selectedSpike, view.figures?.agreement],
    uses: placed,
  },
  "projections-stack": {
    build: projectionsStack,
    sees: (view) => [view.timeRangeSec, view.depthRangeUm, view.freeRanges.x, view.freeRanges.z, ofSpikes(view)],
    uses: (view) => [...placed(view), "motions", "methods"],
  },
  "grid-raster": definePicture(
    rasterGrid,
    ["spikes", "sorting", "probe", "otherPlaces", "motions", "methods"],
    inTimeAndDepth,
  ),
  "grid-correlation": definePicture(correlationGrid, ["methods"], (view) => [view.timeRangeSec, view.figures?.gridMap]),
  "compare-fields": definePicture(fieldPlots, ["motions"], inTimeAndDepth),
  "compare-differences": definePicture(differencePlots, ["motions"], inTimeAndDepth),
  "compare-traces": definePicture(comparedTracePlots, ["motions"], inTime),
  "compare-rasters": {
    build: comparedRasterPlots,
    sees: (view) => [inTimeAndDepth(view), ofSpikes(view)],
    uses: (view) => [...spikeParts(view), "motions"],
  },
};

/** The part of a view that a kind of picture depends on, as a text to compare: what differs must be redrawn. */
export function seenBy(kind: PictureKind, view: PictureView): string {
  return JSON.stringify([view.theme, pictureDefs[kind].sees(view)]);
}

/** Whether a kind of picture is drawn from any of these data. */
export function usesAny(kind: PictureKind, view: PictureView, parts: readonly DataPart[]): boolean {
  const used = pictureDefs[kind].uses(view);
  return parts.some((part) => used.includes(part));
}

/**
 * The picture of a kind as a figure. `store` keeps the raster's pixels between redraws. Data that are not there yet give a
 * sentence that says what will fill the picture. Throws AppError for an unknown colour map.
 */
export function buildPicture(
  kind: PictureKind,
  data: PaintData,
  view: PictureView,
  size: PictureSize,
  store: RasterStore = rasterStore(),
): Figure {
  const theme = themeOf(view.theme);
  const box = { left: 0, top: 0, width: size.widthPx, height: size.heightPx };
  const frame = { box, pixelRatio: size.pixelRatio, store, theme };
  const { plots, caption, banners } = pictureDefs[kind].build(data, view, frame);
  const { title: name, note } = plots[0];
  const title = note ? `${name}, ${note}` : name;
  return { title, widthPx: size.widthPx, heightPx: size.heightPx, theme, plots, caption, banners };
}
