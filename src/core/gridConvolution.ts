import { AppError, assert } from "./errors.ts";
import type { SlotTable } from "./types.ts";

/**
 * Localization by grid convolution: templates of virtual sources on a grid around the contacts, weighted by how well each
 * explains a spike's projections on a prototype waveform.
 *
 *   W[z, c, g] = exp(−√(d_cg² + z²) / decay)  or  exp(−d_cg² / 2σ_z²),  unit L2 norm over channels; entries below
 *                0.5 / √C become 0; unit norm again
 *   dot[z, g]  = Σ_c s_c W[z, c, g]   for the sites g within radiusUm of the peak channel
 *   keep the dots ≥ 0 that reach the (100 − percentile)th percentile of those of this spike, over all z and g together
 *   x, y = Σ dot · site / Σ dot,   z = Σ dot · level / Σ dot
 *
 * Sites every stepUm over the contacts' bounding box ± marginUm, x fastest. Percentile with linear interpolation.
 * Source: SpikeInterface@a5f7dbb3 sortingcomponents/peak_localization/grid.py. There a spike without a positive dot lies at
 * (0, 0, 0); here its row is NaN. The oracle of shaders/gridConvolution.wgsl and of the SIMD kernel `gridLocations`.
 */
export interface GridOptions {
  mode: "exponential_3d" | "gaussian_2d";
  stepUm: number;
  marginUm: number;
  radiusUm: number;
  /** best share of the dots that is kept, % */
  percentile: number;
  /** exponential_3d: the scale of the decay */
  decayUm: number;
  /** exponential_3d: distances from the probe plane; gaussian_2d: widths σ */
  levelsUm: readonly number[];
}

export const gridDefaults = (mode: GridOptions["mode"]): GridOptions => ({
  mode,
  stepUm: 5,
  marginUm: 50,
  radiusUm: 40,
  percentile: 5,
  decayUm: 2.5,
  levelsUm: mode === "exponential_3d" ? [0, 30, 60, 90, 120] : [5, 10, 15, 20, 25],
});

/** Everything that depends on the probe alone, built once. Templates of a channel are its candidates × levels, level fastest. */
export interface GridPlan {
  options: GridOptions;
  /** the channels whose projections a spike needs, nearest first */
  slots: SlotTable;
  /** [C + 1] first template of each channel */
  templateStart: Int32Array;
  /** [nTemplates, 3] x, y, level in µm */
  templateUm: Float32Array;
  /** [nTemplates + 1] first weight of each template */
  weightStart: Int32Array;
  /** [nWeights] slot */
  weightSlot: Int32Array;
  /** [nWeights] */
  weight: Float32Array;
  /** templates of the channel that has most */
  maxTemplates: number;
}

/** Virtual sites, x fastest: [x, y] in µm. */
function gridSites(positionsUm: ArrayLike<number>, { stepUm, marginUm }: GridOptions): [number, number][] {
  const axis = (offset: number): number[] => {
    const values = Array.from({ length: positionsUm.length / 2 }, (_, c) => positionsUm[2 * c + offset]);
    const low = values.reduce((a, b) => Math.min(a, b)) - marginUm;
    const high = values.reduce((a, b) => Math.max(a, b)) + marginUm;
    // a tenth of a step forgives rounding at the far end
    return Array.from({ length: Math.ceil((high + stepUm / 10 - low) / stepUm) }, (_, i) => low + i * stepUm);
  };
  const xs = axis(0);
  return axis(1).flatMap((y) => xs.map((x): [number, number] => [x, y]));
}

/** Channels and weights of one template, ascending by channel. */
type Template = { channel: number; weight: number }[];

/** Weights below e^−30 of the largest change no norm and are never kept. */
const vanishing = 30;

/** µm beyond which a contact's weight vanishes beside that of a contact within radiusUm, at every level. */
function reachUm({ mode, decayUm, radiusUm, levelsUm }: GridOptions): number {
  return levelsUm.reduce((most, level) => {
    const nearest = Math.sqrt(radiusUm ** 2 + level ** 2);
    const squared =
      mode === "exponential_3d"
        ? (vanishing * decayUm + nearest) ** 2 - level ** 2
        : 2 * vanishing * level ** 2 + radiusUm ** 2;
    return Math.max(most, Math.sqrt(squared));
  }, 0);
}

/** channels: those within reach; squaredUm: their squared distances from the site; nChannels: of the whole probe. */
function templateAt(
  channels: number[],
  squaredUm: number[],
  levelUm: number,
  nChannels: number,
  { mode, decayUm }: GridOptions,
): Template {
  const exponents = squaredUm.map((d2) =>
    mode === "exponential_3d" ? Math.sqrt(d2 + levelUm * levelUm) / decayUm : d2 / (2 * levelUm * levelUm),
  );
  // relative to the largest weight: the norm divides it out, and nothing underflows
  const smallest = Math.min(...exponents);
  const weights = exponents.map((e) => Math.exp(smallest - e));
  const least = 0.5 * Math.sqrt(weights.reduce((sum, w) => sum + w * w, 0) / nChannels);
  const kept: Template = [];
  weights.forEach((weight, i) => {
    if (weight >= least) kept.push({ channel: channels[i], weight });
  });
  const norm = Math.sqrt(kept.reduce((sum, { weight }) => sum + weight * weight, 0));
  return kept.map(({ channel, weight }) => ({ channel, weight: weight / norm }));
}

/** Build the templates of a probe. positionsUm: [C, 2]. Throws AppError when some channel has no template. */
export function gridPlan(positionsUm: ArrayLike<number>, options: GridOptions): GridPlan {
  const nChannels = positionsUm.length / 2;
  const sites = gridSites(positionsUm, options);
  const candidates: number[][] = Array.from({ length: nChannels }, () => []);
  const neededBy: Set<number>[] = candidates.map(() => new Set());
  const reach = reachUm(options);
  const templates: Template[][] = sites.map(([x, y], site) => {
    const near: number[] = [];
    const within: number[] = [];
    const squared: number[] = [];
    for (let c = 0; c < nChannels; c++) {
      const d2 = (positionsUm[2 * c] - x) ** 2 + (positionsUm[2 * c + 1] - y) ** 2;
      if (d2 > reach * reach) continue;
      within.push(c);
      squared.push(d2);
      if (d2 <= options.radiusUm ** 2) near.push(c);
    }
    if (near.length === 0) return [];
    const own = options.levelsUm.map((level) => templateAt(within, squared, level, nChannels, options));
    for (const c of near) {
      candidates[c].push(site);
      for (const template of own) for (const { channel } of template) neededBy[c].add(channel);
    }
    return own;
  });
  const needed = neededBy.map((channels) => [...channels]);
  if (needed.some((own) => own.length === 0))
    throw new AppError(
      "bad-parameter",
      `Expected grid sites within ${options.radiusUm} µm of every contact, found a contact without; use a finer step or a larger radius.`,
      { radiusUm: options.radiusUm, stepUm: options.stepUm },
    );
  const slots = slotTable(positionsUm, needed);
  return { options, slots, ...tables(sites, candidates, templates, slots, options.levelsUm) };
}

function slotTable(positionsUm: ArrayLike<number>, needed: number[][]): SlotTable {
  const nSlots = needed.reduce((most, own) => Math.max(most, own.length), 0);
  const channels = new Int32Array(needed.length * nSlots).fill(-1);
  needed.forEach((own, k) => {
    const far = (c: number) =>
      Math.hypot(positionsUm[2 * c] - positionsUm[2 * k], positionsUm[2 * c + 1] - positionsUm[2 * k + 1]);
    own.sort((a, b) => far(a) - far(b) || a - b);
    channels.set(own, k * nSlots);
  });
  return { nSlots, channels };
}

/** The templates of every channel one after another, with weights by slot. */
function tables(
  sites: [number, number][],
  candidates: number[][],
  templates: Template[][],
  { nSlots, channels }: SlotTable,
  levelsUm: readonly number[],
): Omit<GridPlan, "options" | "slots"> {
  const nTemplates = candidates.reduce((sum, own) => sum + own.length * levelsUm.length, 0);
  const nWeights = candidates
    .flat()
    .reduce((sum, g) => sum + templates[g].reduce((n, template) => n + template.length, 0), 0);
  const plan = {
    templateStart: new Int32Array(candidates.length + 1),
    templateUm: new Float32Array(3 * nTemplates),
    weightStart: new Int32Array(nTemplates + 1),
    weightSlot: new Int32Array(nWeights),
    weight: new Float32Array(nWeights),
    maxTemplates: 0,
  };
  const slotOf = new Int32Array(candidates.length);
  let template = 0;
  let at = 0;
  candidates.forEach((own, k) => {
    for (let s = 0; s < nSlots && channels[k * nSlots + s] >= 0; s++) slotOf[channels[k * nSlots + s]] = s;
    for (const g of own) {
      levelsUm.forEach((levelUm, l) => {
        plan.templateUm.set([sites[g][0], sites[g][1], levelUm], 3 * template);
        for (const { channel, weight } of templates[g][l]) {
          plan.weightSlot[at] = slotOf[channel];
          plan.weight[at++] = weight;
        }
        plan.weightStart[++template] = at;
      });
    }
    plan.templateStart[k + 1] = template;
    plan.maxTemplates = Math.max(plan.maxTemplates, own.length * levelsUm.length);
  });
  return plan;
}

/** The value that the best `percentile` % of the dots ≥ 0 reach; sorts a copy. Infinity when there is none. */
function threshold(dots: Float64Array, percentile: number): number {
  const positive = dots.filter((d) => d >= 0).sort();
  if (positive.length === 0) return Infinity;
  const rank = (positive.length - 1) * (1 - percentile / 100);
  const below = Math.floor(rank);
  const above = Math.min(below + 1, positive.length - 1);
  return positive[below] + (rank - below) * (positive[above] - positive[below]);
}

/**
 * projection: [N, K] on plan.slots, Σ_t v(t) · prototype(t), positive for a spike shaped like the prototype; channel: [N].
 * Returns [N, 4] x, y, z in µm and α = the largest dot, in units of the projection.
 */
export function gridConvolution(
  projection: ArrayLike<number>,
  channel: ArrayLike<number>,
  { options, slots, ...plan }: GridPlan,
): Float64Array {
  const n = channel.length;
  assert(projection.length === n * slots.nSlots, "one projection per spike and slot");
  const out = new Float64Array(4 * n).fill(Number.NaN);
  for (let s = 0; s < n; s++) {
    const first = plan.templateStart[channel[s]];
    const dots = new Float64Array(plan.templateStart[channel[s] + 1] - first);
    dots.forEach((_, t) => {
      for (let i = plan.weightStart[first + t]; i < plan.weightStart[first + t + 1]; i++)
        dots[t] += plan.weight[i] * projection[s * slots.nSlots + plan.weightSlot[i]];
    });
    const least = threshold(dots, options.percentile);
    let [total, x, y, z, largest] = [0, 0, 0, 0, 0];
    dots.forEach((dot, t) => {
      if (!(dot >= least)) return;
      total += dot;
      x += dot * plan.templateUm[3 * (first + t)];
      y += dot * plan.templateUm[3 * (first + t) + 1];
      z += dot * plan.templateUm[3 * (first + t) + 2];
      largest = Math.max(largest, dot);
    });
    if (total > 0) out.set([x / total, y / total, z / total, largest], 4 * s);
  }
  return out;
}
