import type { Range } from "../../core/types.ts";
import { type ColourScale, type PixelStore, tableIndex } from "../image.ts";
import type { PixelImage } from "../pen.ts";

/** Where spikes are drawn as dots: columns in data units, of which rows [from, to) are meant. */
export interface DotColumns {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  /** what the colours stand for; NaN is drawn in `missing` */
  value: ArrayLike<number>;
  from: number;
  to: number;
}

export interface DotStyle {
  colours: ColourScale;
  /** RGB of spikes without a value, packed as a colour table has it */
  missing: number;
  /** device px */
  diameterPx: number;
  /** 0 to 1 */
  opacity: number;
}

/**
 * Spikes as round dots with soft edges, later rows over earlier ones, on a transparent ground that fills the two ranges. One
 * pass over the spikes however large the picture: a film of dense spikes costs a few ms per frame. Gives the number of spikes
 * inside, too. Colours are composed as Porter and Duff's "over".
 */
export function dotImage(
  { x, y, value, from, to }: DotColumns,
  xRange: Range,
  yRange: Range,
  size: { widthPx: number; heightPx: number },
  style: DotStyle,
  store: PixelStore,
): { image: PixelImage; nSpikes: number } {
  const image = store.take(size.widthPx, size.heightPx);
  image.rgba.fill(0);
  const perX = size.widthPx / (xRange[1] - xRange[0]);
  const perY = size.heightPx / (yRange[1] - yRange[0]);
  let nSpikes = 0;
  for (let row = from; row < to; row++) {
    const [atX, atY] = [x[row], y[row]];
    if (!(atX >= xRange[0] && atX <= xRange[1] && atY >= yRange[0] && atY <= yRange[1])) continue;
    nSpikes++;
    const index = tableIndex(style.colours, value[row]);
    const colour = index < 0 ? style.missing : style.colours.table[index];
    stamp(image, (atX - xRange[0]) * perX, (yRange[1] - atY) * perY, style.diameterPx / 2, style.opacity, colour);
  }
  return { image, nSpikes };
}

/** One dot around a place in px: full inside, falling off over one px at its edge. */
function stamp(image: PixelImage, atX: number, atY: number, radius: number, opacity: number, colour: number): void {
  const { rgba, widthPx, heightPx } = image;
  const [left, right] = [Math.max(0, Math.floor(atX - radius)), Math.min(widthPx - 1, Math.floor(atX + radius))];
  const [top, bottom] = [Math.max(0, Math.floor(atY - radius)), Math.min(heightPx - 1, Math.floor(atY + radius))];
  const [red, green, blue] = [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
  for (let py = top; py <= bottom; py++) {
    for (let px = left; px <= right; px++) {
      const [dx, dy] = [px + 0.5 - atX, py + 0.5 - atY];
      const distance = Math.sqrt(dx * dx + dy * dy);
      const cover = opacity * Math.min(1, Math.max(0, radius + 0.5 - distance));
      if (cover <= 0) continue;
      const at = 4 * (py * widthPx + px);
      const below = (rgba[at + 3] / 255) * (1 - cover);
      const alpha = cover + below;
      rgba[at] = (red * cover + rgba[at] * below) / alpha;
      rgba[at + 1] = (green * cover + rgba[at + 1] * below) / alpha;
      rgba[at + 2] = (blue * cover + rgba[at + 2] * below) / alpha;
      rgba[at + 3] = 255 * alpha;
    }
  }
}
