import type { Range } from "../core/types.ts";
import type { SpikeWaveform } from "../protocol/recordings.ts";
import { areaOf, axisRatio, type Layer, type Plot } from "./figure.ts";
import type { MarkShape } from "./marks.ts";
import { type Frame, type PaintData, ringPx } from "./pictureData.ts";
import { grouped } from "./rasterPlot.ts";
import { scaleBar } from "./scaleBar.ts";
import type { Theme } from "./theme.ts";
import { niceStep } from "./ticks.ts";

interface LocalizerMark {
  name: string;
  shape: MarkShape;
  colour: keyof Theme["localizers"];
}

/** Positions on the way from one network to another would only cover those of the others. */
const isOnTheWay = (id: string) => /-iter\d+$/.test(id);

/** What each localizer looks like, by its id: shape and colour, so that one of them is enough. */
const localizers: Record<string, LocalizerMark> = {
  "sln-cnn": { name: "SLN", shape: "star", colour: "pink" },
  "sln-transformer": { name: "SLN", shape: "star", colour: "pink" },
  "sln-cnn-pretrained": { name: "SLN, pretrained", shape: "star", colour: "yellow" },
  "sln-transformer-pretrained": { name: "SLN, pretrained", shape: "star", colour: "yellow" },
  monopolar: { name: "monopolar", shape: "plus", colour: "cyan" },
  "peak-channel": { name: "peak channel", shape: "square", colour: "green" },
  com: { name: "centre of mass", shape: "cross", colour: "orange" },
  grid: { name: "grid", shape: "diamond", colour: "yellow" },
};
const anchorMark: LocalizerMark = { name: "anchor", shape: "circle", colour: "plain" };
/** Marks of localizers that have no shape of their own here. */
const otherMark = (id: string): LocalizerMark => ({ name: id, shape: "circle", colour: "yellow" });

const markPx = 13;
/** Part of the room of a contact that its waveform takes across, and the largest deflection upwards or downwards. */
const widthPart = 0.86;
const heightPart = 0.8;

/** Data units per sample and per µV: how a waveform is drawn around its contact. */
interface WaveScale {
  spacingUm: readonly [xUm: number, yUm: number];
  umPerSample: number;
  umPerUv: number;
}

/**
 * One spike on its channels, each waveform at its contact's place (x and depth on scales of their own), with what every
 * localizer says about where it came from. Data that are not there yet give a sentence.
 */
export function waveformPlot(data: PaintData, { box, theme }: Frame): Plot {
  const axis = { range: [0, 1] as Range, quantity: "", unit: "" };
  const plot: Plot = { box, title: "", x: axis, y: axis, layers: [], grid: false };
  const { waveform } = data;
  if (!waveform || waveform.channels.length === 0) {
    return { ...plot, message: "Click a spike to see its waveforms here." };
  }
  const scale = waveScale(waveform);
  const x = around(
    waveform.positionsUm.map(([xUm]) => xUm),
    0.7 * scale.spacingUm[0],
  );
  const y = around(
    waveform.positionsUm.map(([, yUm]) => yUm),
    1.1 * scale.spacingUm[1],
  );
  plot.x = { range: x, quantity: "x", unit: "µm" };
  plot.y = { range: [y[0] - 0.6 * scale.spacingUm[1], y[1]], quantity: "Depth", unit: "µm" }; // below: the scale bar
  plot.title = headerOf(waveform, data);
  plot.layers.push(...waveLayers(waveform, scale, theme));
  const marks = marksOf(waveform, theme);
  const isSeen = ({ x: at, y: up }: { x: number; y: number }) =>
    at >= plot.x.range[0] && at <= plot.x.range[1] && up >= plot.y.range[0] && up <= plot.y.range[1];
  plot.legend = [
    { label: "raw", colour: theme.rawWave, widthPx: 1 },
    ...(waveform.denoised ? [{ label: "denoised", colour: theme.denoisedWave, widthPx: 2.5 }] : []),
    ...marks.map(({ name, shape, colour, x: at, y: up }) => ({
      label: isSeen({ x: at, y: up }) ? name : `${name} (beyond)`,
      shape,
      colour,
    })),
  ];
  plot.x = { ...plot.x, quantity: `x, scaled ×${axisRatio(plot)}` }; // the legend takes room from the area
  plot.layers.push(...bars(waveform, scale, plot, theme));
  for (const { shape, x: at, y: up, colour } of marks) {
    plot.layers.push({ kind: "mark", shape, x: at, y: up, sizePx: markPx, colour, outline: theme.halo });
  }
  plot.layers.push(...ringOf(waveform, data, theme));
  return plot;
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

/** "Spike 1,234 · 12.3456 s · channel 120 · −85 µV"; without the table of spikes, number and channel. */
function headerOf({ index, number, channels }: SpikeWaveform, { spikes }: PaintData): string {
  const table = spikes?.spikes;
  const isThere = table && index < table.nSpikes;
  const time = isThere ? ` · ${table.timeSec[index].toFixed(4)} s` : "";
  const amp = isThere ? ` · ${table.ampUv[index].toFixed(0).replace("-", "−")} µV` : "";
  return `Spike ${grouped(number ?? index)}${time} · channel ${channels[0]}${amp}`;
}

function around(values: number[], margin: number): Range {
  return [Math.min(...values) - margin, Math.max(...values) + margin];
}

/**
 * Room of a contact: the smallest distance across between contacts of one row, and up between rows. The largest
 * deflection of all channels fills it, so that amplitudes can be compared.
 */
function waveScale({ positionsUm, raw, denoised, nSamples }: SpikeWaveform): WaveScale {
  const gap = (axis: 0 | 1, isNeighbour: (a: number, b: number) => boolean, otherwise: number) => {
    let smallest = Number.POSITIVE_INFINITY;
    for (let a = 0; a < positionsUm.length; a++) {
      for (let b = 0; b < a; b++) {
        const apart = Math.abs(positionsUm[a][axis] - positionsUm[b][axis]);
        if (apart > 1 && isNeighbour(a, b)) smallest = Math.min(smallest, apart);
      }
    }
    return Number.isFinite(smallest) ? smallest : otherwise;
  };
  const yUm = gap(1, () => true, 20);
  const isInRow = (a: number, b: number) => Math.abs(positionsUm[a][1] - positionsUm[b][1]) < 0.5;
  const xUm = gap(0, isInRow, 32);
  let largest = 1;
  for (const values of [raw, denoised ?? []]) {
    for (let i = 0; i < values.length; i++) if (Math.abs(values[i]) > largest) largest = Math.abs(values[i]);
  }
  const umPerSample = (widthPart * xUm) / Math.max(1, nSamples - 1);
  return { spacingUm: [xUm, yUm], umPerSample, umPerUv: (heightPart * yUm) / largest };
}

/** Channel numbers, raw and denoised lines; the peak channel on a ground of its own. */
function waveLayers(waveform: SpikeWaveform, scale: WaveScale, theme: Theme): Layer[] {
  const { positionsUm, channels } = waveform;
  const half = [0.47 * scale.spacingUm[0], 0.47 * scale.spacingUm[1]];
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
    const [x, y] = [xUm - half[0], yUm];
    layers.push({ kind: "label", text: `${channels[k]}`, x, y, offsetPx: [2, -3], bold: k === 0, colour, ...style });
  });
  const { denoised } = waveform;
  if (denoised) {
    const style = { colour: theme.denoisedWave, widthPx: 2.5, halo: theme.halo };
    positionsUm.forEach((_, k) => {
      layers.push(waveCurve("denoised", denoised, k, waveform, scale, style));
    });
  }
  // the thin line over the thick one: where they agree, both are seen
  positionsUm.forEach((_, k) => {
    layers.push(waveCurve("raw", waveform.raw, k, waveform, scale, { colour: theme.rawWave, widthPx: 1 }));
  });
  return layers;
}

function waveCurve(
  kind: string,
  values: Float32Array,
  k: number,
  { positionsUm, channels, nSamples, samplesBefore, rateHz, unit = "µV" }: SpikeWaveform,
  { umPerSample, umPerUv }: WaveScale,
  style: { colour: string; widthPx: number; halo?: string },
): Layer {
  const [xUm, yUm] = positionsUm[k];
  const x = Float64Array.from({ length: nSamples }, (_, i) => xUm + (i - (nSamples - 1) / 2) * umPerSample);
  const y = Float64Array.from({ length: nSamples }, (_, i) => yUm + values[k * nSamples + i] * umPerUv);
  const source = () => ({
    x: Float64Array.from({ length: nSamples }, (_, i) => (1000 * (i - samplesBefore)) / rateHz),
    y: values.subarray(k * nSamples, (k + 1) * nSamples),
    xLabel: "Time from the peak (ms)",
    yLabel: `Amplitude (${unit})`,
  });
  return { kind: "curve", name: `channel ${channels[k]}, ${kind}`, source, x, y, ...style };
}

/** Places of the localizers in a fixed order, then the anchor: the mean of the contacts, from which offsets count. */
function marksOf({ locations, positionsUm }: SpikeWaveform, theme: Theme) {
  const known = Object.keys(localizers).filter((id) => id in locations);
  const others = Object.keys(locations).filter((id) => !(id in localizers) && id !== "anchor" && !isOnTheWay(id));
  const mean = (axis: 0 | 1) => positionsUm.reduce((sum, site) => sum + site[axis], 0) / positionsUm.length;
  const placed = (mark: LocalizerMark, [x, y]: readonly number[]) => ({
    name: mark.name,
    shape: mark.shape,
    colour: theme.localizers[mark.colour],
    x,
    y,
  });
  const found = [...known, ...others]
    .map((id) => placed(localizers[id] ?? otherMark(id), locations[id]))
    .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  return [...found, placed(anchorMark, [mean(0), mean(1)])];
}

/** Half a contact's height in µV and a quarter of its width in ms, both rounded. */
function bars({ rateHz, unit = "µV" }: SpikeWaveform, scale: WaveScale, plot: Plot, theme: Theme): Layer[] {
  const area = areaOf(plot);
  const pxPerUv = (scale.umPerUv * area.height) / (plot.y.range[1] - plot.y.range[0]);
  const pxPerMs = (scale.umPerSample * (rateHz / 1000) * area.width) / (plot.x.range[1] - plot.x.range[0]);
  const uv = niceStep((0.4 * scale.spacingUm[1]) / scale.umPerUv);
  const ms = niceStep(24 / pxPerMs);
  const across = { widthPx: ms * pxPerMs, text: `${ms} ms` };
  return scaleBar({ heightPx: uv * pxPerUv, text: `${uv} ${unit}`, across }, plot, theme);
}
