import type { Displacements } from "../core/displacement.ts";
import { packed } from "./colourMaps.ts";
import { type Wheel, wheelColour } from "./colourWheel.ts";
import type { PickColumns, Plot } from "./figure.ts";
import type { Frame } from "./pictureData.ts";
import { spikeCells } from "./scatterCells.ts";
import { cellFrame } from "./scatterPlot.ts";

/** Directions that colours tell apart, and lengths that decide which spike is on top: together below 2^24, so exact in single precision. */
const directions = 256;
const lengths = 65535;
/** shades between what does not move and full colour */
const shades = 64;
/** of spikes that are not brushed while others are: below every displacement */
const dimmed = -1;

/**
 * [N] one number per spike: its length up to `highUm` before the point, as it were, and its direction after it, so that the
 * largest number of a cell is the longest displacement and still says where it goes. NaN where there is none.
 */
export function displacementCodes(
  { dxUm, dyUm, lengthUm }: Displacements,
  highUm: number,
  brushed: Int32Array | null,
): Float32Array {
  const codes = new Float32Array(lengthUm.length);
  for (let i = 0; i < codes.length; i++) {
    const share = highUm > 0 ? Math.min(1, lengthUm[i] / highUm) : 0 * lengthUm[i];
    const turn = Math.atan2(dxUm[i], dyUm[i]) / (2 * Math.PI);
    const direction = Math.round((turn < 0 ? turn + 1 : turn) * directions) % directions;
    codes[i] = Math.round(share * lengths) * directions + direction;
  }
  if (!brushed) return codes;
  const lit = codes.map((code) => (Number.isNaN(code) ? code : dimmed));
  for (const row of brushed) lit[row] = codes[row];
  return lit;
}

/** Length in µm that a code stands for. */
function lengthOf(code: number, highUm: number): number {
  return code < 0 ? Number.NaN : (Math.floor(code / directions) / lengths) * highUm;
}

const tables = new WeakMap<Wheel, Uint32Array>();

/** [shades, directions] colours of a wheel. */
function tableOf(wheel: Wheel): Uint32Array {
  const known = tables.get(wheel);
  if (known) return known;
  const table = Uint32Array.from({ length: shades * directions }, (_, at) => {
    const angle = (2 * Math.PI * (at % directions)) / directions;
    const share = Math.floor(at / directions) / (shades - 1);
    return wheelColour(wheel, share * Math.sin(angle), share * Math.cos(angle), 1);
  });
  tables.set(wheel, table);
  return table;
}

/** How codes become colours: full from `fullUm` on. */
export interface DisplacementLook {
  codes: Float32Array;
  highUm: number;
  fullUm: number;
  wheel: Wheel;
}

/** Draw spikes into a plot, each cell in the colour of the spike that goes farthest; gives their number. */
export function addDisplacements(
  plot: Plot,
  picks: PickColumns,
  { codes, highUm, fullUm, wheel }: DisplacementLook,
  { pixelRatio, store, theme }: Pick<Frame, "pixelRatio" | "store" | "theme">,
): number {
  const frame = cellFrame(plot, pixelRatio);
  const { x, y, from, to } = picks;
  const reasons = [x, y, from, to, codes, fullUm, wheel, JSON.stringify(frame)];
  const { remember, pixels } = store;
  const drawn = remember(reasons, () => {
    const cells = spikeCells(picks, codes, frame, "strongest");
    const { nx, ny, sum, count } = cells;
    const image = pixels.take(nx, ny);
    const out = new Uint32Array(image.rgba.buffer);
    const table = tableOf(wheel);
    const dim = packed(theme.frame);
    for (let cell = 0; cell < sum.length; cell++) {
      const at = (ny - 1 - Math.floor(cell / nx)) * nx + (cell % nx);
      const code = sum[cell];
      const lengthUm = lengthOf(code, highUm);
      const shade = fullUm > 0 ? Math.min(1, lengthUm / fullUm) : lengthUm > 0 ? 1 : 0;
      if (count[cell] === 0 || Number.isNaN(code)) out[at] = 0;
      else out[at] = code < 0 ? dim : table[Math.round(shade * (shades - 1)) * directions + (code % directions)];
    }
    return { image, cells };
  });
  const { image, cells } = drawn;
  const [xRange, yRange] = [plot.x.range, plot.y.range];
  const values = () => {
    const lengthsUm = cells.sum.map((code, cell) => (cells.count[cell] > 0 ? lengthOf(code, highUm) : Number.NaN));
    return { values: lengthsUm, nx: cells.nx, ny: cells.ny, xRange, yRange };
  };
  plot.layers.push({ kind: "image", image, xRange, yRange, ...(cells.areDots ? {} : { cells: values }) });
  return cells.nSpikes;
}
