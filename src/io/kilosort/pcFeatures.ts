import { AppError } from "../../core/errors.ts";
import type { ProbeSites } from "../../core/types.ts";
import type { ByteSource } from "../byteSource.ts";
import type { Column } from "../columns.ts";
import { type NpyHeader, shapeInWords } from "../npy/header.ts";
import { readNpyRows, TILE_BYTES } from "../npy/rows.ts";
import { headerOf, requireIndices } from "./arrays.ts";
import { readChannelLists } from "./templates.ts";

/** Where each spike lies, [N] each. */
export interface SpikePlaces {
  xUm: Column;
  depthUm: Column;
  /** the contact with the largest feature */
  channel: Column;
}

/** No power of two: columns of one spike would then share their place in the cache. */
const TILE_ROWS = 100_003;

/**
 * Depth and x of each spike out of its features on the channels around its template: contacts weighted by the square of the
 * first principal component, where that is above 0 (ksDriftmap of cortex-lab/spikes; phy does the same). `features`:
 * (N, components, channels) or with the last two exchanged; `channels`: (templates, channels), padded with −1; `template`:
 * [N]. A spike without any feature above 0 lies in the middle of its channels, with a warning. Read in tiles.
 */
export async function placesOfFeatures(
  features: ByteSource,
  channels: ByteSource,
  template: Column,
  positionsUm: ProbeSites["positionsUm"],
  warnings: string[],
): Promise<SpikePlaces> {
  const lists = await readChannelLists(channels, positionsUm.length);
  requireIndices(template, lists.nTemplates, `template numbers that ${channels.path} knows,`);
  const layout = await layoutOf(features, channels, lists.nLocal, template);
  const nSpikes = template.values.length;
  const [xUm, depthUm, channel] = [0, 0, 0].map(() => new Float64Array(nSpikes));
  const place = { xUm: 0, depthUm: 0, channel: 0, isWeighted: false };
  let nWithout = 0;
  for (let from = 0; from < nSpikes; from += layout.tileRows) {
    const to = Math.min(nSpikes, from + layout.tileRows);
    const { values, rowStep, channelStep } = await layout.read(from, to);
    for (let i = from; i < to; i++) {
      const first = template.values[i] * lists.nLocal;
      const list = lists.values.subarray(first, first + lists.nLocal);
      if (!weigh(values, (i - from) * rowStep, channelStep, list, positionsUm, place))
        throw noChannels(channels, template.values[i]);
      if (!place.isWeighted) nWithout++;
      [xUm[i], depthUm[i], channel[i]] = [place.xUm, place.depthUm, place.channel];
    }
  }
  if (nWithout > 0) {
    warnings.push(
      `${features.path}: ${nWithout} of ${nSpikes} spikes have no first component above 0; each of them lies in the middle of its template's channels.`,
    );
  }
  const { path } = features;
  return { xUm: { path, values: xUm }, depthUm: { path, values: depthUm }, channel: { path, values: channel } };
}

interface Place {
  xUm: number;
  depthUm: number;
  channel: number;
  /** whether any feature was above 0 */
  isWeighted: boolean;
}

/** Fill in the place of one spike; false where its template has no channels. `place` is used again: millions of them. */
function weigh(
  values: Float64Array,
  start: number,
  step: number,
  list: Float64Array,
  positionsUm: ProbeSites["positionsUm"],
  place: Place,
): boolean {
  let [sum, x, y, best, most] = [0, 0, 0, -1, -1];
  let [middleX, middleY, nListed] = [0, 0, 0];
  for (let k = 0; k < list.length; k++) {
    const c = list[k];
    if (c < 0) continue;
    const first = values[start + k * step];
    const weight = first > 0 && first < 1e100 ? first * first : 0;
    const [cx, cy] = positionsUm[c];
    sum += weight;
    x += weight * cx;
    y += weight * cy;
    middleX += cx;
    middleY += cy;
    nListed++;
    if (weight > most) [best, most] = [c, weight];
  }
  place.isWeighted = sum > 0;
  place.xUm = sum > 0 ? x / sum : middleX / nListed;
  place.depthUm = sum > 0 ? y / sum : middleY / nListed;
  place.channel = best;
  return nListed > 0;
}

function noChannels({ path }: ByteSource, template: number): AppError {
  return new AppError("bad-data", `${path}: expected channels for template ${template}, found none.`, { path });
}

/** How to get the first components of spikes [from, to): value of spike i and channel k at i · rowStep + k · channelStep. */
interface Layout {
  tileRows: number;
  read(from: number, to: number): Promise<{ values: Float64Array; rowStep: number; channelStep: number }>;
}

async function layoutOf(features: ByteSource, channels: ByteSource, nLocal: number, spikes: Column): Promise<Layout> {
  const header = await headerOf(features, 3, "spikes, components, channels");
  const [nSpikes, nSecond, nThird] = header.shape;
  if (nSpikes !== spikes.values.length) {
    throw new AppError(
      "bad-file",
      `Expected the same number of spikes in every file, found that ${spikes.path} has ${spikes.values.length}, ${features.path} has ${nSpikes}.`,
      { files: [spikes.path, features.path] },
    );
  }
  if (nThird !== nLocal && nSecond !== nLocal) {
    throw new AppError(
      "bad-file",
      `${features.path}: expected shape (${nSpikes}, components, ${nLocal}) to fit ${channels.path}, found shape ${shapeInWords(header.shape)}.`,
      { path: features.path },
    );
  }
  const channelsAreLast = nThird === nLocal;
  if (header.fortranOrder) return columnwise(features, header, channelsAreLast ? nSecond : 1, nLocal);
  const rowStep = nSecond * nThird;
  return {
    tileRows: Math.max(1, Math.floor(TILE_BYTES / (8 * rowStep))),
    async read(from, to) {
      const values = await readNpyRows(features, header, from, to);
      return { values, rowStep, channelStep: channelsAreLast ? 1 : nThird };
    },
  };
}

/** As MATLAB writes them, every number of one component and channel is a run over the spikes: others are not read. */
function columnwise(features: ByteSource, header: NpyHeader, columnsPerChannel: number, nLocal: number): Layout {
  const [nSpikes] = header.shape;
  const flat = { ...header, shape: [header.shape.reduce((n, d) => n * d, 1)], fortranOrder: false };
  return {
    tileRows: TILE_ROWS,
    async read(from, to) {
      const n = to - from;
      const values = new Float64Array(n * nLocal);
      for (let k = 0; k < nLocal; k++) {
        const start = k * columnsPerChannel * nSpikes;
        values.set(await readNpyRows(features, flat, start + from, start + to), k * n);
      }
      return { values, rowStep: 1, channelStep: n };
    },
  };
}
