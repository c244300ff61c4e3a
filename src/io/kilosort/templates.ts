import { AppError } from "../../core/errors.ts";
import type { ProbeSites } from "../../core/types.ts";
import type { ByteSource } from "../byteSource.ts";
import type { Folder } from "../drop.ts";
import { type NpyHeader, shapeInWords } from "../npy/header.ts";
import { readNpyRows } from "../npy/rows.ts";
import { headerOf } from "./arrays.ts";

/** Where templates lie and how large they are. */
export interface TemplatePlaces {
  nTemplates: number;
  /** [T] µm */
  xUm: Float64Array;
  depthUm: Float64Array;
  /** [T] contact of the largest amplitude */
  channel: Float64Array;
  /** [T] largest peak-to-peak amplitude, in the units of the templates */
  amplitude: Float64Array;
  files: ByteSource[];
}

/** Channels below this part of the largest amplitude are noise (cortex-lab/spikes, templatePositionsAmplitudes). */
const LEAST_PART = 0.3;

/**
 * Places of the templates of templates.npy, (T, samples, channels): contacts weighted by the peak-to-peak amplitude of the
 * unwhitened template, those below 0.3 of its largest left out. template_ind.npy or templates_ind.npy, (T, channels) padded
 * with −1, says which channels they are; without it they are all of them. Null without templates.npy. Throws AppError.
 */
export async function readTemplatePlaces(
  { files }: Folder,
  positionsUm: ProbeSites["positionsUm"],
  warnings: string[],
): Promise<TemplatePlaces | null> {
  const source = files.get("templates.npy");
  if (!source) return null;
  const header = await headerOf(source, 3, "templates, samples, channels");
  const [nTemplates, nSamples, nLocal] = header.shape;
  const lists = await listsFor(files, source, header, positionsUm.length);
  const inverse = await readInverse(files.get("whitening_mat_inv.npy"), positionsUm.length, warnings);
  const read = await templateReader(source, header);
  const [xUm, depthUm, channel, amplitude] = [0, 0, 0, 0].map(() => new Float64Array(nTemplates));
  for (let t = 0; t < nTemplates; t++) {
    const channels = lists.values.subarray(t * nLocal, (t + 1) * nLocal);
    const sizes = peakToPeak(await read(t), nSamples, channels, inverse);
    const [x, y, peak, most] = centreOf(sizes, channels, positionsUm);
    if (peak < 0)
      throw new AppError(
        "bad-data",
        `${source.path}: expected finite numbers for channels of the probe in template ${t}, found none.`,
        { path: source.path },
      );
    [xUm[t], depthUm[t], channel[t], amplitude[t]] = [x, y, peak, most];
  }
  return { nTemplates, xUm, depthUm, channel, amplitude, files: [source, ...lists.files, ...(inverse?.files ?? [])] };
}

/** Channels of each template, −1 where a list is padded. */
interface ChannelLists {
  nTemplates: number;
  nLocal: number;
  /** [T, nLocal] */
  values: Float64Array;
}

/** (T, channels) of numbers of channels; −1 and the number of channels pad. Throws AppError for any other. */
export async function readChannelLists(source: ByteSource, nChannels: number): Promise<ChannelLists> {
  const header = await headerOf(source, 2, "templates, channels");
  const [nTemplates, nLocal] = header.shape;
  const values = await readNpyRows(source, header, 0, nTemplates);
  for (let i = 0; i < values.length; i++) {
    if (values[i] === nChannels) values[i] = -1;
    if (values[i] >= -1 && values[i] < nChannels && Number.isInteger(values[i])) continue;
    throw new AppError(
      "bad-data",
      `${source.path}: expected channels from 0 to ${nChannels - 1} (−1 for none), found ${values[i]} in row ${Math.floor(i / nLocal)} (counting from 0).`,
      { path: source.path },
    );
  }
  return { nTemplates, nLocal, values };
}

async function listsFor(
  files: Folder["files"],
  templates: ByteSource,
  { shape: [nTemplates, , nLocal], shape }: NpyHeader,
  nChannels: number,
): Promise<ChannelLists & { files: ByteSource[] }> {
  const source = files.get("template_ind.npy") ?? files.get("templates_ind.npy");
  if (source) {
    const lists = await readChannelLists(source, nChannels);
    if (lists.nTemplates === nTemplates && lists.nLocal === nLocal) return { ...lists, files: [source] };
    throw new AppError(
      "bad-file",
      `${source.path}: expected shape (${nTemplates}, ${nLocal}) to fit ${templates.path}, found shape (${lists.nTemplates}, ${lists.nLocal}).`,
      { path: source.path },
    );
  }
  if (nLocal !== nChannels) {
    throw new AppError(
      "bad-file",
      `${templates.path}: expected shape (templates, samples, ${nChannels}) to fit channel_positions.npy, or template_ind.npy beside it, found shape ${shapeInWords(shape)}.`,
      { path: templates.path },
    );
  }
  return {
    nTemplates,
    nLocal,
    values: Float64Array.from({ length: nTemplates * nLocal }, (_, i) => i % nLocal),
    files: [],
  };
}

/** [channels, channels] row-major, what takes whitened samples back. */
interface Inverse {
  values: Float64Array;
  n: number;
  files: ByteSource[];
}

async function readInverse(source: ByteSource | undefined, n: number, warnings: string[]): Promise<Inverse | null> {
  if (!source) return null;
  const header = await headerOf(source, 2, "channels, channels");
  if (header.shape[0] === n && header.shape[1] === n)
    return { values: await readNpyRows(source, header, 0, n), n, files: [source] };
  warnings.push(
    `${source.path}: expected shape (${n}, ${n}) to fit channel_positions.npy, found shape ${shapeInWords(header.shape)}; templates are taken as whitened as they are.`,
  );
  return null;
}

/** One template at a time, [samples, channels]. In Fortran order its numbers are all over the file, which is then read once. */
async function templateReader(source: ByteSource, header: NpyHeader): Promise<(t: number) => Promise<Float64Array>> {
  if (!header.fortranOrder) return (t) => readNpyRows(source, header, t, t + 1);
  const [nTemplates, nSamples, nLocal] = header.shape;
  const total = nTemplates * nSamples * nLocal;
  const flat = { ...header, shape: [total], fortranOrder: false };
  const all = new Float32Array(total);
  const step = 1 << 20;
  for (let from = 0; from < total; from += step)
    all.set(await readNpyRows(source, flat, from, Math.min(total, from + step)), from);
  return async (t) => {
    const out = new Float64Array(nSamples * nLocal);
    for (let s = 0; s < nSamples; s++)
      for (let k = 0; k < nLocal; k++) out[s * nLocal + k] = all[t + nTemplates * (s + nSamples * k)];
    return out;
  };
}

/** [nLocal] largest − smallest value of each channel of one template after unwhitening among its own channels, as phy does. */
function peakToPeak(
  template: Float64Array,
  nSamples: number,
  channels: Float64Array,
  inverse: Inverse | null,
): Float64Array {
  const nLocal = channels.length;
  const byChannel = new Float64Array(template.length); // [nLocal, nSamples]
  const isActive = new Uint8Array(nLocal);
  for (let s = 0; s < nSamples; s++) {
    for (let k = 0; k < nLocal; k++) {
      byChannel[k * nSamples + s] = template[s * nLocal + k];
      if (template[s * nLocal + k] !== 0) isActive[k] = 1;
    }
  }
  const out = new Float64Array(nLocal);
  const samples = new Float64Array(nSamples);
  for (let k = 0; k < nLocal; k++) {
    if (channels[k] < 0) continue;
    samples.fill(0);
    for (let from = 0; from < nLocal; from++) {
      const isIdentity = inverse === null;
      const weight = isIdentity ? Number(from === k) : weightOf(inverse, channels[from], channels[k]);
      if (weight === 0 || !isActive[from]) continue;
      for (let s = 0; s < nSamples; s++) samples[s] += weight * byChannel[from * nSamples + s];
    }
    let [low, high] = [samples[0], samples[0]];
    for (let s = 1; s < nSamples; s++) {
      if (samples[s] < low) low = samples[s];
      if (samples[s] > high) high = samples[s];
    }
    out[k] = high - low;
  }
  return out;
}

function weightOf({ values, n }: Inverse, from: number, to: number): number {
  return from < 0 ? 0 : values[from * n + to];
}

/** Weighted place, contact of the largest amplitude (−1 where there is none that is a number), and that amplitude. */
function centreOf(
  sizes: Float64Array,
  channels: Float64Array,
  positionsUm: ProbeSites["positionsUm"],
): [xUm: number, depthUm: number, peak: number, most: number] {
  let [peak, most] = [-1, 0];
  for (let k = 0; k < sizes.length; k++)
    if (channels[k] >= 0 && Number.isFinite(sizes[k]) && (peak < 0 || sizes[k] > most))
      [peak, most] = [channels[k], sizes[k]];
  let [sum, x, y] = [0, 0, 0];
  for (let k = 0; k < sizes.length; k++) {
    if (channels[k] < 0 || !(sizes[k] >= LEAST_PART * most)) continue;
    // parts of the largest: sums of huge numbers stay finite
    const weight = most > 0 ? sizes[k] / most : 1;
    if (!Number.isFinite(weight)) continue;
    sum += weight;
    x += weight * positionsUm[channels[k]][0];
    y += weight * positionsUm[channels[k]][1];
  }
  return [x / sum, y / sum, peak, most];
}
