/**
 * Colours that tell units apart. No list of colours keeps hundreds of units apart, so a short one is made whose colours are as far
 * from each other as they can be, for every kind of colour vision, and neighbours on the probe get different ones
 * (see unitColours.ts).
 *
 * Candidates are a grid of lightness, chroma and hue in OKLab (Ottosson 2020). Each is two colours of one hue: a lighter one for a
 * dark background and a darker one for a light background, so that a unit keeps its hue in print. They are taken greedily: the next
 * one is that whose smallest distance to all before is largest. A distance is the smallest of six: in OKLab, on both backgrounds, as
 * seen by normal, deuteranopic and protanopic vision (matrices of Machado, Oliveira & Fernandes 2009, severity 1); between two kinds
 * of dichromatic vision and the normal one the former count with a weight, because no 40 colours are far apart in two dimensions.
 */

type Triple = readonly [number, number, number];

/** One colour on both backgrounds, "#rrggbb". */
export interface PairedColour {
  dark: string;
  light: string;
}

export const paletteSize = 40;
/** of spikes without a unit, and of units called noise */
export const noUnit: PairedColour = { dark: "#626b78", light: "#a8afb9" };

const lightnesses = { from: 0.62, to: 0.92, steps: 7 };
/** how much darker a colour is on a light background */
const darker = 0.22;
const chromas = [0.06, 0.1, 0.14, 0.18, 0.22];
const nHues = 60;
/** what a distance as seen by dichromats counts, times the distance */
const dichromatWeight = 1.6;

const protan: readonly Triple[] = [
  [0.152286, 1.052583, -0.204868],
  [0.114503, 0.786281, 0.099216],
  [-0.003882, -0.048116, 1.051998],
];
const deutan: readonly Triple[] = [
  [0.367322, 0.860646, -0.227968],
  [0.280085, 0.672501, 0.047413],
  [-0.01182, 0.04294, 0.968881],
];

const times = (m: readonly Triple[], [x, y, z]: Triple): Triple => [
  m[0][0] * x + m[0][1] * y + m[0][2] * z,
  m[1][0] * x + m[1][1] * y + m[1][2] * z,
  m[2][0] * x + m[2][1] * y + m[2][2] * z,
];

const toLms: readonly Triple[] = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const lmsToLab: readonly Triple[] = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];
const labToLms: readonly Triple[] = [
  [1, 0.3963377774, 0.2158037573],
  [1, -0.1055613458, -0.0638541728],
  [1, -0.0894841775, -1.291485548],
];
const lmsToRgb: readonly Triple[] = [
  [4.0767416621, -3.3077115913, 0.2309699292],
  [-1.2684380046, 2.6097574011, -0.3413193965],
  [-0.0041960863, -0.7034186147, 1.707614701],
];

/** linear sRGB → OKLab */
function labOf(rgb: Triple): Triple {
  const [l, m, s] = times(toLms, rgb);
  return times(lmsToLab, [Math.cbrt(l), Math.cbrt(m), Math.cbrt(s)]);
}

/** OKLab → linear sRGB, which may lie outside 0 to 1 */
function rgbOf(lab: Triple): Triple {
  const [l, m, s] = times(labToLms, lab);
  return times(lmsToRgb, [l ** 3, m ** 3, s ** 3]);
}

const inGamut = (rgb: Triple) => rgb.every((v) => v >= 0 && v <= 1);

function hexOf(rgb: Triple): string {
  const byte = (v: number) => Math.round(255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055));
  return `#${rgb.map((v) => byte(v).toString(16).padStart(2, "0")).join("")}`;
}

/** "#rrggbb" → linear sRGB */
function linearOf(hex: string): Triple {
  const channel = (at: number) => {
    const v = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** OKLab of one colour as seen by normal, deuteranopic and protanopic vision */
type Seen = readonly [Triple, Triple, Triple];

const seen = (rgb: Triple): Seen => [labOf(rgb), labOf(times(deutan, rgb)), labOf(times(protan, rgb))];

function seenDistance(a: Seen, b: Seen): number {
  const [normal, d, p] = a.map((lab, k) => Math.hypot(lab[0] - b[k][0], lab[1] - b[k][1], lab[2] - b[k][2]));
  return Math.min(normal, dichromatWeight * d, dichromatWeight * p);
}

const seenBoth = ({ dark, light }: PairedColour) => [seen(linearOf(dark)), seen(linearOf(light))] as const;

/** How far two colours are apart for whom it is hardest, on the worse background; in units of OKLab, where 1 is black to white. */
export function colourDistance(a: PairedColour, b: PairedColour): number {
  const [ofA, ofB] = [seenBoth(a), seenBoth(b)];
  return Math.min(seenDistance(ofA[0], ofB[0]), seenDistance(ofA[1], ofB[1]));
}

/** Lightness in OKLab, 0 black to 1 white. */
export function lightnessOf(hex: string): number {
  return labOf(linearOf(hex))[0];
}

function candidates(): PairedColour[] {
  const { from, to, steps } = lightnesses;
  const all: PairedColour[] = [];
  for (let i = 0; i < steps; i++) {
    const lightness = from + ((to - from) * i) / (steps - 1);
    for (const chroma of chromas) {
      for (let k = 0; k < nHues; k++) {
        const hue = (2 * Math.PI * k) / nHues;
        const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)];
        const [dark, light] = [rgbOf([lightness, a, b]), rgbOf([lightness - darker, a, b])];
        if (inGamut(dark) && inGamut(light)) all.push({ dark: hexOf(dark), light: hexOf(light) });
      }
    }
  }
  return all;
}

let made: readonly PairedColour[] | null = null;

/** The colours, most different first. The same everywhere and always; made when first asked for. */
export function unitPalette(): readonly PairedColour[] {
  made ??= greedy(candidates());
  return made;
}

function greedy(all: readonly PairedColour[]): PairedColour[] {
  const looks = all.map(seenBoth);
  const nearest = new Float64Array(all.length).fill(Number.POSITIVE_INFINITY);
  const take = (look: ReturnType<typeof seenBoth>) => {
    for (let i = 0; i < all.length; i++) {
      const apart = Math.min(seenDistance(look[0], looks[i][0]), seenDistance(look[1], looks[i][1]));
      if (apart < nearest[i]) nearest[i] = apart;
    }
  };
  take(seenBoth(noUnit));
  const chosen: PairedColour[] = [];
  while (chosen.length < paletteSize) {
    let best = 0;
    for (let i = 1; i < all.length; i++) if (nearest[i] > nearest[best]) best = i;
    chosen.push(all[best]);
    take(looks[best]);
  }
  return chosen;
}
