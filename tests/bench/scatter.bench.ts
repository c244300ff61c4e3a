import type { SpikeTable } from "../../src/core/types.ts";
import { describeBrushed, rowsInside } from "../../src/paint/brush.ts";
import { plotAreaOf } from "../../src/paint/figure.ts";
import { noPaintData, type PaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import { rasterStore } from "../../src/paint/rasterPlot.ts";
import { prepareSpikes } from "../../src/paint/spikeData.ts";
import { firstView } from "../../src/paint/view.ts";
import type { PictureKind, PictureView } from "../../src/protocol/pictures.ts";

export interface ScatterBenchRow {
  what: string;
  /** median of 7, ms */
  ms: number;
  aimMs: number;
}

const nSpikes = 2_500_000;
const nRepeats = 7;
const size = { widthPx: 1000, heightPx: 600, pixelRatio: 1 };

/** Spikes over an hour and 3.8 mm with places, α and anchors, by a fixed recurrence: the same ones in every run. */
function syntheticData(): PaintData {
  let state = 12345;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const column = (next: (i: number) => number) => Float64Array.from({ length: nSpikes }, (_, i) => next(i));
  const spread = () => uniform() + uniform() + uniform() - 1.5;
  const table: SpikeTable = {
    nSpikes,
    timeSec: column((i) => (3600 * (i + 0.5)) / nSpikes),
    depthUm: column(() => 3840 * uniform()),
    ampUv: Float32Array.from({ length: nSpikes }, () => -40 - 200 * uniform() ** 3),
    xUm: column(() => 30 * spread()),
    zUm: column(() => 60 * uniform()),
    alpha: column(() => 10 ** (3.4 + 0.3 * spread())),
  };
  const anchors = new Float32Array(2 * nSpikes);
  for (let i = 0; i < nSpikes; i++) anchors[2 * i + 1] = table.depthUm[i] + 20 * spread();
  return { ...noPaintData(), spikes: prepareSpikes(table), anchors };
}

function medianOf(measure: () => void): number {
  measure(); // the first run compiles and prepares columns
  const times = Array.from({ length: nRepeats }, () => {
    const started = performance.now();
    measure();
    return performance.now() - started;
  });
  return times.sort((a, b) => a - b)[(nRepeats - 1) / 2];
}

/** Pictures of all spikes of a long recording: whole, with one axis zoomed, near, and a lasso around half of them. */
export function scatterBench(): ScatterBenchRow[] {
  const data = syntheticData();
  const whole: PictureView = {
    ...firstView,
    timeRangeSec: [0, 3600],
    depthRangeUm: [0, 3840],
    rasterColour: "alpha",
  };
  const redraw = (kind: PictureKind, viewOf: (turn: number) => Partial<PictureView>) => {
    const store = rasterStore();
    let turn = 0;
    // a range that differs each time, so that nothing remembered is used again but what the view leaves as it is
    return medianOf(() => buildPicture(kind, data, { ...whole, ...viewOf(turn++) }, size, store));
  };
  const anew = (turn: number) => ({ timeRangeSec: [0, 3600 - 1e-3 * turn] as const });
  const near = (turn: number) => [1, 1.5 + 1e-3 * turn] as const;
  const [plot] = buildPicture("local-pairs", data, whole, size).plots;
  const { picks } = plot;
  const area = plotAreaOf(plot);
  const lasso = Array.from({ length: 400 }, (_, i) =>
    i % 2 === 0
      ? area.left + area.width * (0.5 + 0.4 * Math.cos((Math.PI * i) / 200))
      : area.top + area.height * (0.5 + 0.4 * Math.sin((Math.PI * i) / 200)),
  );
  return [
    { what: "six local pairs, all anew", ms: redraw("local-pairs", anew), aimMs: 250 },
    {
      what: "six local pairs, one axis zoomed",
      ms: redraw("local-pairs", (turn) => ({ freeRanges: { localX: [-20, 20 + 1e-3 * turn] } })),
      aimMs: 150,
    },
    {
      what: "six local pairs, a few spikes of all",
      ms: redraw("local-pairs", (turn) => ({
        freeRanges: { localX: near(turn), localY: near(turn), localZ: near(turn) },
      })),
      aimMs: 150,
    },
    { what: "projections, all anew", ms: redraw("projections", anew), aimMs: 150 },
    {
      what: "a lasso, with its medians",
      ms: medianOf(() => {
        if (picks && data.spikes) describeBrushed(data.spikes, rowsInside(picks, area, lasso));
      }),
      aimMs: 500,
    },
  ];
}
