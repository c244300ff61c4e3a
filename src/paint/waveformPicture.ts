import type { Range } from "../core/types.ts";
import { amplitudeInWords, amplitudeUnitOf } from "../protocol/datasets.ts";
import type { PictureView } from "../protocol/pictures.ts";
import type { SpikeWaveform } from "../protocol/recordings.ts";
import { spikeAnchor } from "../protocol/spikePlaces.ts";
import { isToScale, toScaleUm } from "../protocol/waveformLayout.ts";
import { areaOf, axisRatio, type Layer, type Plot } from "./figure.ts";
import { type Frame, type PaintData, ringPx } from "./pictureData.ts";
import { contactSideUm } from "./probeSites.ts";
import { grouped } from "./rasterPlot.ts";
import { scaleBar } from "./scaleBar.ts";
import { type SpikeMark, spikeMarks } from "./spikeMarks.ts";
import type { Theme } from "./theme.ts";
import { niceStep } from "./ticks.ts";
import { type WaveScale, wavePath, waveScale, waveSource } from "./waveLayout.ts";
import { volts } from "./words.ts";

const markPx = 13;
/** the network's star is what one looks for */
const starPx = 16;

/**
 * One spike on its channels, each waveform at its contact's place, with what every localizer says about where it came from: to
 * scale, or x and depth on scales of their own. Data that are not there yet give a sentence.
 */
export function waveformPlot(data: PaintData, view: PictureView, { box, theme }: Frame): Plot {
  const axis = { range: [0, 1] as Range, quantity: "", unit: "" };
  const plot: Plot = { box, title: "", x: axis, y: axis, layers: [], grid: false };
  const { waveform } = data;
  if (!waveform || waveform.channels.length === 0) return { ...plot, message: nothingYet(view) };
  const toScale = isToScale(view.waveformLayout ?? "auto", waveform.positionsUm);
  const scale = waveScale(waveform, toScale);
  const marks = spikeMarks(waveform, theme);
  plot.title = headerOf(waveform, data);
  plot.legend = legendOf(waveform, marks, () => true, theme);
  if (toScale) showToScale(plot, waveform, marks, theme);
  else showRoomy(plot, waveform, scale, marks, theme);
  const waves = waveLayers(waveform, scale, toScale, theme);
  const bar = bars(waveform, scale, plot, theme);
  // to scale there is no room of its own for the bar: waveforms go over it
  plot.layers.push(...(toScale ? [...contactLayers(waveform, theme), ...bar, ...waves] : [...waves, ...bar]));
  for (const { shape, xUm, yUm, colour } of marks.toReversed()) {
    const sizePx = shape === "star" ? starPx : markPx;
    plot.layers.push({ kind: "mark", shape, x: xUm, y: yUm, sizePx, colour, outline: theme.halo });
  }
  plot.layers.push(...ringOf(waveform, data, theme));
  return plot;
}

/** The sentence in a picture of a spike that is not there. */
export function nothingYet({ selectedSpike }: PictureView): string {
  return selectedSpike === null ? "Click a spike to see its waveforms here." : "Reading the waveform…";
}

/** The anchor ± 60 µm, or as far as the contacts reach, on equal axes: the longer side of the area shows more. */
function showToScale(plot: Plot, waveform: SpikeWaveform, marks: readonly SpikeMark[], theme: Theme): void {
  const [x, y] = spikeAnchor(waveform);
  const away = waveform.positionsUm.map(([cx, cy]) => Math.max(Math.abs(cx - x), Math.abs(cy - y)));
  const reach = Math.max(toScaleUm.reach, Math.max(...away) + toScaleUm.width);
  const show = () => {
    const { width, height } = areaOf(plot);
    const umPerPx = (2 * reach) / Math.min(width, height);
    const around = (middle: number, px: number): Range => [middle - 0.5 * umPerPx * px, middle + 0.5 * umPerPx * px];
    plot.x = { range: around(x, width), quantity: "x", unit: "µm" };
    plot.y = { range: around(y, height), quantity: "Depth", unit: "µm" };
  };
  show();
  plot.legend = legendOf(waveform, marks, (mark) => isSeen(plot, mark), theme);
  show(); // longer words may have taken room
}

/** Room for every contact on axes of their own scales, and below for the scale bar. */
function showRoomy(
  plot: Plot,
  waveform: SpikeWaveform,
  { roomUm }: WaveScale,
  marks: readonly SpikeMark[],
  theme: Theme,
): void {
  const around = (axis: 0 | 1, margin: number): Range => {
    const values = waveform.positionsUm.map((place) => place[axis]);
    return [Math.min(...values) - margin, Math.max(...values) + margin];
  };
  const y = around(1, 1.1 * roomUm[1]);
  plot.x = { range: around(0, 0.7 * roomUm[0]), quantity: "x", unit: "µm" };
  plot.y = { range: [y[0] - 0.6 * roomUm[1], y[1]], quantity: "Depth", unit: "µm" };
  plot.legend = legendOf(waveform, marks, (mark) => isSeen(plot, mark), theme);
  plot.x = { ...plot.x, quantity: `x, scaled ×${axisRatio(plot)}` }; // the legend takes room from the area
}

function isSeen({ x, y }: Plot, { xUm, yUm }: SpikeMark): boolean {
  return xUm >= x.range[0] && xUm <= x.range[1] && yUm >= y.range[0] && yUm <= y.range[1];
}

function legendOf(
  { denoised }: SpikeWaveform,
  marks: readonly SpikeMark[],
  seen: (mark: SpikeMark) => boolean,
  theme: Theme,
): NonNullable<Plot["legend"]> {
  return [
    { label: "raw", colour: theme.rawWave, widthPx: 1 },
    ...(denoised ? [{ label: "denoised", colour: theme.denoisedWave, widthPx: 2.5 }] : []),
    ...marks.map((mark) => ({
      label: seen(mark) ? mark.name : `${mark.name} (beyond)`,
      shape: mark.shape,
      colour: mark.colour,
    })),
  ];
}

/** A ring where the other pictures show this spike: the positions in use, or those that were chosen. */
function ringOf({ index }: SpikeWaveform, { spikes }: PaintData, theme: Theme): Layer[] {
  const table = spikes?.spikes;
  if (!table?.xUm || index >= table.nSpikes) return [];
  const [x, y] = [table.xUm[index], table.depthUm[index]];
  if (!Number.isFinite(x) || !Number.isFinite(y)) return [];
  const diameterPx = markPx + ringPx;
  return [{ kind: "ring", x, y, diameterPx, colour: theme.selected, outline: theme.selectedOutline }];
}

/** Whole µV; of smaller numbers, in another unit, three digits. */
function rounded(amplitude: number): string {
  const digits = Math.abs(amplitude) >= 10 ? 0 : 2;
  return amplitude.toFixed(digits).replace("-", "−");
}

/** "Spike 1,234 · 12.3456 s · channel 120 · −85 µV"; without the table of spikes, number and channel. */
function headerOf({ index, number, channels }: SpikeWaveform, { spikes, sorting }: PaintData): string {
  const table = spikes?.spikes;
  const isThere = table && index < table.nSpikes;
  const time = isThere ? ` · ${table.timeSec[index].toFixed(4)} s` : "";
  const amp = isThere ? ` · ${amplitudeInWords(rounded(table.ampUv[index]), amplitudeUnitOf(sorting))}` : "";
  return `Spike ${grouped(number ?? index)}${time} · channel ${channels[0]}${amp}`;
}

/** The contacts themselves, in their size. */
function contactLayers({ positionsUm }: SpikeWaveform, theme: Theme): Layer[] {
  const half = contactSideUm(positionsUm) / 2;
  const rects = positionsUm.map(([x, y]) => ({
    x: [x - half, x + half] as const,
    y: [y - half, y + half] as const,
    fill: theme.frame,
  }));
  return [{ kind: "rects", rects, opacity: 0.28 }];
}

/** Channel numbers, raw and denoised lines; the peak channel on a ground of its own. */
function waveLayers(waveform: SpikeWaveform, scale: WaveScale, toScale: boolean, theme: Theme): Layer[] {
  const { positionsUm, channels, raw, denoised } = waveform;
  const half = [0.47 * scale.roomUm[0], 0.47 * scale.roomUm[1]];
  const [peakX, peakY] = positionsUm[0];
  const ground = {
    x: [peakX - half[0], peakX + half[0]] as const,
    y: [peakY - half[1], peakY + half[1]] as const,
    fill: theme.frame,
    outline: theme.selected,
  };
  const layers: Layer[] = [{ kind: "rects", rects: [ground], opacity: 0.55 }];
  positionsUm.forEach(([xUm, yUm], k) => {
    const style = { sizePx: theme.textPx - 1, align: "left", baseline: "bottom" } as const;
    const colour = k === 0 ? theme.text : theme.faintText;
    const [x, y] = [xUm - half[0], yUm + (toScale ? 0.55 * half[1] : 0)];
    layers.push({ kind: "label", text: `${channels[k]}`, x, y, offsetPx: [2, -3], bold: k === 0, colour, ...style });
  });
  const waves = (name: string, values: Float32Array, style: { colour: string; widthPx: number; halo?: string }) =>
    positionsUm.forEach((_, k) => {
      const behind = waveSource(name, values, k, waveform);
      layers.push({ kind: "curve", ...behind, ...wavePath(values, k, waveform, scale), ...style });
    });
  if (denoised) waves("denoised", denoised, { colour: theme.denoisedWave, widthPx: 2.5, halo: theme.halo });
  // the thin line over the thick one: where they agree, both are seen
  waves("raw", raw, { colour: theme.rawWave, widthPx: 1 });
  return layers;
}

/** Half a contact's height in µV and a quarter of its width in ms, both rounded. */
function bars({ rateHz, unit }: SpikeWaveform, scale: WaveScale, plot: Plot, theme: Theme): Layer[] {
  const area = areaOf(plot);
  const pxPerUv = (scale.umPerUv * area.height) / (plot.y.range[1] - plot.y.range[0]);
  const pxPerMs = (scale.umPerSample * (rateHz / 1000) * area.width) / (plot.x.range[1] - plot.x.range[0]);
  const uv = niceStep((0.4 * scale.roomUm[1]) / scale.umPerUv);
  const ms = niceStep(24 / pxPerMs);
  const across = { widthPx: ms * pxPerMs, text: `${ms} ms` };
  return scaleBar({ heightPx: uv * pxPerUv, text: volts(uv, unit), across }, plot, theme);
}
