import { assert } from "../core/errors.ts";
import { meanPerCell, type RasterGrid, type RasterSums } from "../core/raster.ts";
import type { Range, ScalarImage } from "../core/types.ts";
import type { ColourTable } from "./colourMaps.ts";
import type { CellValues } from "./figure.ts";
import type { PixelImage } from "./pen.ts";
import type { CellValue } from "./scatterCells.ts";

/** How values become colours: `limits` are the ends of the table, values beyond them get the end colours. */
export interface ColourScale {
  /** names of things that have no order, one for each colour of the table: values are whole numbers from 0 */
  names?: readonly string[];
  /** the numbers that these have in the file */
  ids?: Int32Array;
  table: ColourTable;
  limits: Range;
  /**
   * "log" is log(1 + v), for counts: 0 has a place and 1, 2, 3 spikes can be told apart. "decades" is log v, for limits above 0;
   * not for rasters of spikes
   */
  scale: "linear" | "log" | "decades";
}

/** Pixels that are used again for every redraw of one picture, as long as its size stays. */
export interface PixelStore {
  take(widthPx: number, heightPx: number): PixelImage;
}

/** A store that allocates on the first use and on a change of size only. What it hands out is not cleared. */
export function pixelStore(): PixelStore {
  let image: PixelImage | null = null;
  return {
    take: (widthPx, heightPx) => {
      if (image?.widthPx !== widthPx || image.heightPx !== heightPx) {
        image = { rgba: new Uint8ClampedArray(widthPx * heightPx * 4), widthPx, heightPx };
      }
      return image;
    },
  };
}

/** Position of a value between the limits, 0 to 1 when inside; NaN for NaN. Limits without extent put it at 1. */
export function scalePosition({ limits, scale }: ColourScale, value: number): number {
  const [low, high] = limits;
  if (!(high > low)) return value < low ? 0 : value >= low ? 1 : Number.NaN;
  if (scale === "linear") return (value - low) / (high - low);
  if (scale === "decades") return Math.log(value / low) / Math.log(high / low);
  return (Math.log1p(value) - Math.log1p(low)) / (Math.log1p(high) - Math.log1p(low));
}

/** Row of the table for a value; −1 for NaN. */
export function tableIndex(colours: ColourScale, value: number): number {
  const position = scalePosition(colours, value);
  if (Number.isNaN(position)) return -1;
  const last = colours.table.length - 1;
  return Math.min(last, Math.max(0, Math.round(position * last)));
}

/**
 * Scalar image → pixels, one per cell. Row 0 of the values (low y) becomes the bottom row of the pixels. NaN becomes
 * transparent, so that the plot's background shows. Does not change `image`.
 */
export function colourImage(image: ScalarImage, colours: ColourScale, store: PixelStore = pixelStore()): PixelImage {
  const { values, widthPx, heightPx } = image;
  assert(values.length === widthPx * heightPx, "one value per cell");
  const pixels = store.take(widthPx, heightPx);
  const out = new Uint32Array(pixels.rgba.buffer);
  for (let y = 0; y < heightPx; y++) {
    let at = (heightPx - 1 - y) * widthPx;
    for (let cell = y * widthPx; cell < (y + 1) * widthPx; cell++) {
      const index = tableIndex(colours, values[cell]);
      out[at++] = index < 0 ? 0 : colours.table[index];
    }
  }
  return pixels;
}

/**
 * Raster cells → pixels without an image of means in between: the hot loop of every redraw. `colour` "mean" shows
 * sum / count, "count" the number of spikes, "strongest" and "most" the sum as it is, which then holds a largest or the commonest value. Cells without a spike are transparent; rows as in `colourImage`. Also gives
 * the number of spikes in all cells, in the same pass.
 */
export function colourRaster(
  { count, sum }: RasterSums,
  nx: number,
  ny: number,
  colour: CellValue,
  { table, limits, scale }: ColourScale,
  store: PixelStore = pixelStore(),
): { pixels: PixelImage; nSpikes: number } {
  assert(count.length === nx * ny, "one count per cell");
  const pixels = store.take(nx, ny);
  const out = new Uint32Array(pixels.rgba.buffer);
  const isLog = scale === "log";
  const low = isLog ? Math.log1p(limits[0]) : limits[0];
  const high = isLog ? Math.log1p(limits[1]) : limits[1];
  const last = table.length - 1;
  const gain = high > low ? last / (high - low) : 0;
  // without extent everything is as strong as it gets
  const offset = high > low ? 0.5 - low * gain : last;
  let nSpikes = 0;
  for (let y = 0; y < ny; y++) {
    let at = (ny - 1 - y) * nx;
    for (let cell = y * nx; cell < (y + 1) * nx; cell++, at++) {
      const n = count[cell];
      if (n === 0) {
        out[at] = 0;
        continue;
      }
      nSpikes += n;
      const value = colour === "count" ? n : colour === "mean" ? sum[cell] / n : sum[cell];
      const index = (isLog ? Math.log1p(value) : value) * gain + offset;
      out[at] = table[index > last ? last : index > 0 ? index | 0 : 0];
    }
  }
  return { pixels, nSpikes };
}

/** The values behind `colourImage`'s pixels. */
export function cellsOfImage({ values, widthPx, heightPx, xRange, yRange }: ScalarImage): () => CellValues {
  return () => ({ values, nx: widthPx, ny: heightPx, xRange, yRange });
}

/** The values behind `colourRaster`'s pixels: the number of spikes of a cell, their mean, or the largest or commonest, which `sum` holds then. */
export function cellsOfRaster(sums: RasterSums, grid: RasterGrid, colour: CellValue): () => CellValues {
  const { nx, ny, xLow, xHigh, yLow, yHigh } = grid;
  return () => {
    const values = colour === "count" ? sums.count : colour === "mean" ? meanPerCell(sums) : sums.sum;
    return { values, nx, ny, xRange: [xLow, xHigh], yRange: [yLow, yHigh] };
  };
}
