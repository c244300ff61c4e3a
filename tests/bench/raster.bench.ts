import type { Motion, SpikeTable } from "../../src/core/types.ts";
import { correctedDepths } from "../../src/paint/correctedDepths.ts";
import { noPaintData, type PaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import { rasterStore } from "../../src/paint/rasterPlot.ts";
import { prepareSpikes } from "../../src/paint/spikeData.ts";
import type { PictureKind, PictureView } from "../../src/protocol/pictures.ts";

export interface RasterBenchRow {
  picture: PictureKind;
  nSpikes: number;
  /** median of 7 redraws of the whole recording at 1600 × 900 px, from spikes to RGBA pixels, ms */
  redrawMs: number;
  /** the same when the motion has just changed: depths are corrected anew; NaN for the raw raster */
  newMotionMs: number;
}

const nRepeats = 7;

/** Spikes spread over an hour and 3.8 mm, by a fixed recurrence: the same ones in every run. */
function syntheticSpikes(nSpikes: number): SpikeTable {
  let state = 12345;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const timeSec = Float64Array.from({ length: nSpikes }, (_, i) => (3600 * (i + 0.5)) / nSpikes);
  const depthUm = Float64Array.from({ length: nSpikes }, () => 3840 * uniform());
  const ampUv = Float32Array.from({ length: nSpikes }, () => -40 - 200 * uniform() ** 3);
  return { nSpikes, timeSec, depthUm, ampUv };
}

function syntheticMotion(): Motion {
  const timeBinCentersSec = Float64Array.from({ length: 3600 }, (_, i) => i + 0.5);
  const depthBinCentersUm = Float64Array.from({ length: 8 }, (_, i) => 480 * i + 240);
  const displacementUm = Float64Array.from({ length: 3600 * 8 }, (_, i) => 60 * Math.sin(i / 3000));
  return { displacementUm, timeBinCentersSec, depthBinCentersUm };
}

function medianOf(measureMs: () => number): number {
  measureMs(); // the first run compiles
  const times = Array.from({ length: nRepeats }, measureMs).sort((a, b) => a - b);
  return times[(nRepeats - 1) / 2];
}

/** Redraw times of the raw and the corrected raster for 400 thousand and 4 million spikes. Prints nothing. */
export function rasterBench(): RasterBenchRow[] {
  // the plot area, without its labels, is 1600 × 900
  const size = { widthPx: 1600 + 134, heightPx: 900 + 68, pixelRatio: 1 };
  const motion = syntheticMotion();
  const rows: RasterBenchRow[] = [];
  for (const nSpikes of [400_000, 4_000_000]) {
    const spikes = syntheticSpikes(nSpikes);
    const data: PaintData = { ...noPaintData(), spikes: prepareSpikes(spikes), motion };
    for (const picture of ["raster-raw", "raster-corrected"] as const) {
      const store = rasterStore();
      let toggle = 0;
      const redraw = (renew: boolean) => () => {
        if (renew) data.corrected = correctedDepths(spikes, motion, data.corrected?.target);
        // a range that differs each time, so that nothing remembered is reused
        const view: PictureView = { ...wholeRecording, timeRangeSec: [0, 3600 + (toggle++ % 7) * 1e-3] };
        const started = performance.now();
        buildPicture(picture, data, view, size, store);
        return performance.now() - started;
      };
      data.corrected = correctedDepths(spikes, motion);
      const redrawMs = medianOf(redraw(false));
      const newMotionMs = picture === "raster-corrected" ? medianOf(redraw(true)) : Number.NaN;
      rows.push({ picture, nSpikes, redrawMs, newMotionMs });
    }
  }
  return rows;
}

const wholeRecording: PictureView = {
  timeRangeSec: [0, 3600],
  depthRangeUm: [0, 3840],
  ampRangeUv: [-240, -40],
  freeRanges: {},
  rasterColour: "amplitude",
  colourMap: "inferno",
  theme: "dark",
  showMotion: true,
  cursorTimeSec: null,
  selectedSpike: null,
  selectedChannel: null,
  traceStyle: "lines",
};
