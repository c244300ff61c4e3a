import type { SpikeWaveform } from "../protocol/recordings.ts";
import { colourTable } from "./colourMaps.ts";
import { areaOf, type Layer, type Plot } from "./figure.ts";
import type { MarkShape } from "./marks.ts";
import { textWidthPx } from "./pen.ts";
import { alphaLimits } from "./spikeLook.ts";
import type { SpikeMark } from "./spikeMarks.ts";
import type { Theme } from "./theme.ts";

/** What the signs of the local frame mean, in rows below the scene, which leaves it the whole width; and the scale of α. */

interface KeyEntry {
  label: string;
  colour: string;
  /** a line where there is no shape */
  shape?: MarkShape;
}

export interface Key {
  /** px from the left edge and from the top of the rows */
  entries: readonly (KeyEntry & { leftPx: number; downPx: number })[];
  heightPx: number;
}

const signPx = 19;
const gapPx = 12;
const insetPx = 8;
const barPx = { width: 96, height: 8 } as const;

export function keyOf(
  { denoised }: SpikeWaveform,
  marks: readonly SpikeMark[],
  isShown: (mark: SpikeMark) => boolean,
  theme: Theme,
): KeyEntry[] {
  return [
    { label: "raw", colour: theme.rawWave },
    ...(denoised ? [{ label: "denoised", colour: theme.denoisedWave }] : []),
    ...marks.map((mark) => ({
      label: isShown(mark) ? mark.name : `${mark.name} (beyond)`,
      colour: mark.colour,
      shape: mark.shape,
    })),
  ];
}

/** Entries one after the other in as many rows as the width asks for. */
export function wrapped(entries: readonly KeyEntry[], widthPx: number, theme: Theme): Key {
  const rowPx = 1.6 * theme.textPx;
  let [left, row] = [insetPx, 0];
  const placed = entries.map((entry) => {
    const takesPx = signPx + textWidthPx(entry.label, theme.textPx) + gapPx;
    if (left > insetPx && left + takesPx - gapPx > widthPx - insetPx) [left, row] = [insetPx, row + 1];
    const at = { ...entry, leftPx: left, downPx: (row + 0.5) * rowPx };
    left += takesPx;
    return at;
  });
  return { entries: placed, heightPx: entries.length > 0 ? (row + 1) * rowPx + insetPx : 0 };
}

/** px from the left edge and from the bottom of a plot's area → its data units. */
function inArea(plot: Plot) {
  const { width, height } = areaOf(plot);
  const [[xLow, xHigh], [yLow, yHigh]] = [plot.x.range, plot.y.range];
  return {
    x: (px: number) => xLow + (px / width) * (xHigh - xLow),
    y: (px: number) => yLow + (px / height) * (yHigh - yLow),
    heightPx: height,
  };
}

export function keyLayers({ entries, heightPx }: Key, plot: Plot, theme: Theme): Layer[] {
  if (entries.length === 0) return [];
  const { x, y } = inArea(plot);
  const ground = { x: plot.x.range, y: [plot.y.range[0], y(heightPx)] as const, fill: theme.plot };
  const signs = entries.flatMap(({ label, colour, shape, leftPx, downPx }): Layer[] => {
    const up = y(heightPx - downPx);
    const style = { sizePx: theme.textPx, colour: theme.text, align: "left", baseline: "middle" } as const;
    const sign: Layer = shape
      ? { kind: "mark", shape, x: x(leftPx + 6), y: up, sizePx: 11, colour, outline: theme.halo }
      : { kind: "curve", x: [x(leftPx), x(leftPx + 13)], y: [up, up], colour, widthPx: 2 };
    return [sign, { kind: "label", text: label, x: x(leftPx + signPx), y: up, offsetPx: [0, 0], ...style }];
  });
  return [{ kind: "rects", rects: [ground], opacity: 0.75 }, ...signs];
}

/** The scale of log₁₀ α in the upper left corner, with what this spike has and who says so. */
export function alphaBar(alpha: { logAlpha: number; by: string }, plot: Plot, theme: Theme): Layer[] {
  const { x, y, heightPx } = inArea(plot);
  const rgba = new Uint8ClampedArray(4 * 256);
  new Uint32Array(rgba.buffer).set(colourTable("inferno"));
  const [left, right] = [insetPx, insetPx + barPx.width];
  const top = heightPx - insetPx - 1.4 * theme.textPx;
  const range = [y(top - barPx.height), y(top)] as const;
  const label = (text: string, px: number, align: "left" | "right", up: number): Layer => {
    const style = { sizePx: theme.textPx, colour: theme.text, align, baseline: "middle" } as const;
    return { kind: "label", text, x: x(px), y: y(up), offsetPx: [0, 0], ...style };
  };
  const share = (alpha.logAlpha - alphaLimits[0]) / (alphaLimits[1] - alphaLimits[0]);
  const at = left + barPx.width * Math.min(1, Math.max(0, share));
  const below = top - barPx.height - 9;
  return [
    { kind: "image", image: { rgba, widthPx: 256, heightPx: 1 }, xRange: [x(left), x(right)], yRange: range },
    { kind: "rects", rects: [{ x: [x(left), x(right)], y: range, outline: theme.frame }] },
    { kind: "curve", x: [x(at), x(at)], y: [y(top - barPx.height - 3), y(top + 3)], colour: theme.text, widthPx: 2 },
    label(String(alphaLimits[0]), left, "left", below),
    label(String(alphaLimits[1]), right, "right", below),
    label(`log₁₀ α ${alpha.logAlpha.toFixed(2)} (µV·µm, ${alpha.by})`, left, "left", top + 10),
  ];
}
