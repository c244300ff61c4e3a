import type { WheelName } from "../protocol/pictures.ts";
import { packed } from "./colourMaps.ts";
import type { PixelImage } from "./pen.ts";
import type { Theme } from "./theme.ts";

/** Colours of directions in the plane, and the one of what does not move. */
export interface Wheel {
  neutral: Rgb;
  /** evenly around, from upwards along the probe (+depth) over across it (+x) back to the first */
  around: readonly Rgb[];
}

type Rgb = readonly [r: number, g: number, b: number];

/**
 * "hue" is HSV: red for +depth, hue = atan2(Δx, Δdepth)/2π, saturation = length/scale, value 1 (on light ground darker, and what does
 * not move is dark instead of white). "safe" replaces the hue by what every kind of colour vision has: yellow for +depth against
 * blue for −depth, light for +x against dark for −x (on light ground the other way round), with grey in the middle.
 * Source of the first: evarol/spikeLocalizationNetwork make_displacement_colormap.py.
 */
const wheels: Record<WheelName, Record<Theme["name"], Wheel>> = {
  hue: {
    dark: wheel("#ffffff", ["#ff0000", "#ffff00", "#00ff00", "#00ffff", "#0000ff", "#ff00ff"]),
    light: wheel("#2b2b2b", ["#e00000", "#c8b400", "#00a000", "#00a8a8", "#0000e0", "#d000d0"]),
  },
  safe: {
    dark: wheel("#959595", ["#ffc400", "#ffffff", "#2048e0", "#503a2c"]),
    light: wheel("#868686", ["#d89a00", "#101010", "#1d49c8", "#c8c8c8"]),
  },
};

function wheel(neutral: string, around: readonly string[]): Wheel {
  return { neutral: rgbOf(neutral), around: around.map(rgbOf) };
}

function rgbOf(css: string): Rgb {
  const c = packed(css);
  return [c & 255, (c >>> 8) & 255, (c >>> 16) & 255];
}

export function wheelOf(name: WheelName, { name: theme }: Theme): Wheel {
  return wheels[name][theme];
}

/** Colour of a displacement, 0xAABBGGRR: full at `scaleUm` and beyond, neutral at 0. */
export function wheelColour({ neutral, around }: Wheel, dxUm: number, dyUm: number, scaleUm: number): number {
  const length = Math.sqrt(dxUm * dxUm + dyUm * dyUm);
  const saturation = scaleUm > 0 ? Math.min(1, length / scaleUm) : length > 0 ? 1 : 0;
  const turn = Math.atan2(dxUm, dyUm) / (2 * Math.PI);
  const at = (turn < 0 ? turn + 1 : turn) * around.length;
  const i = Math.floor(at) % around.length;
  const [from, to] = [around[i], around[(i + 1) % around.length]];
  const f = at - Math.floor(at);
  const channel = (k: 0 | 1 | 2) => {
    const full = from[k] + f * (to[k] - from[k]);
    return Math.round(neutral[k] + saturation * (full - neutral[k]));
  };
  return (0xff000000 | (channel(2) << 16) | (channel(1) << 8) | channel(0)) >>> 0;
}

/** The wheel itself, `sizePx` × `sizePx`: Δdepth to the right and Δx upwards, as the map beside it has them; clear outside. */
export function wheelImage(wheel: Wheel, sizePx: number): PixelImage {
  const rgba = new Uint8ClampedArray(4 * sizePx * sizePx);
  const out = new Uint32Array(rgba.buffer);
  for (let row = 0; row < sizePx; row++) {
    for (let column = 0; column < sizePx; column++) {
      const along = (2 * (column + 0.5)) / sizePx - 1;
      const across = 1 - (2 * (row + 0.5)) / sizePx;
      if (along * along + across * across <= 1) out[row * sizePx + column] = wheelColour(wheel, across, along, 1);
    }
  }
  return { rgba, widthPx: sizePx, heightPx: sizePx };
}
