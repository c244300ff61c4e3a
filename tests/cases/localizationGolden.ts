import { tensor1d, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { centerOfMass } from "../../src/core/centerOfMass.ts";
import { type GridOptions, gridDefaults, gridPlan } from "../../src/core/gridConvolution.ts";
import { type MonopolarOptions, monopolarColumns, monopolarObjective } from "../../src/core/monopolar.ts";
import type { SlotTable } from "../../src/core/types.ts";
import { gridConvolution, gridTensors } from "../../src/ops/gridConvolution.ts";
import { monopolar } from "../../src/ops/monopolar.ts";
import { nearestSlots } from "./localizeProbe.ts";

/** Spikes with what the reference makes of them. Features on all C channels are [N, C]. */
export interface LocalizationGolden {
  positionsUm: Float32Array;
  channel: Int32Array;
  neighbours10: SlotTable;
  ptp10Uv: Float32Array;
  ptpLsb: ArrayLike<number>;
  peakvLsb: ArrayLike<number>;
  projection: Record<GridOptions["mode"], ArrayLike<number>>;
  /** [N, 3] µm, NaN where unknown */
  truthUm: ArrayLike<number>;
  reference: Record<
    "converged" | "logpen" | "lsq" | "monoPtp" | "monoPeakv" | "comPtp" | "comPeakv" | GridOptions["mode"],
    ArrayLike<number>
  >;
}

export interface GoldenRow {
  what: string;
  found: number;
  limit: number;
}

/** Differences of one column, ascending; NaN counts as infinite. */
function differences(a: ArrayLike<number>, wa: number, b: ArrayLike<number>, wb: number, j: number): Float64Array {
  const d = Float64Array.from({ length: a.length / wa }, (_, i) => Math.abs(a[i * wa + j] - b[i * wb + j]));
  return d.map((v) => (Number.isNaN(v) ? Infinity : v)).sort();
}

const quantile = (sorted: Float64Array, q: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];

/** Median |error| of a column where the truth is known. */
function truthError(found: ArrayLike<number>, width: number, truthUm: ArrayLike<number>, j: number): number {
  const errors = Float64Array.from({ length: found.length / width }, (_, i) =>
    Math.abs(found[i * width + j] - truthUm[3 * i + j]),
  );
  const known = errors.filter((v) => !Number.isNaN(v)).sort();
  return quantile(known, 0.5);
}

/** [N, C] → [N, K] on the slots of each spike's channel. */
export function onSlots(all: ArrayLike<number>, channel: Int32Array, { nSlots, channels }: SlotTable): Float32Array {
  const nChannels = channels.length / nSlots;
  return Float32Array.from({ length: channel.length * nSlots }, (_, i) => {
    const n = Math.floor(i / nSlots);
    const c = channels[channel[n] * nSlots + (i % nSlots)];
    return c < 0 ? 0 : all[n * nChannels + c];
  });
}

/** The monopolar operation on the current backend. */
export async function runMonopolar(
  feature: Float32Array,
  channel: Int32Array,
  slots: SlotTable,
  positionsUm: Float32Array,
  options: MonopolarOptions,
): Promise<Float32Array> {
  const nChannels = positionsUm.length / 2;
  const fit = tidy(() =>
    monopolar(
      tensor2d(feature, [channel.length, slots.nSlots]),
      tensor1d(channel, "int32"),
      tensor2d(slots.channels, [nChannels, slots.nSlots], "int32"),
      tensor2d(positionsUm, [nChannels, 2]),
      options,
    ),
  );
  return (await fit.data()) as Float32Array;
}

const axes = ["x", "y", "z"];

async function monopolarRows(data: LocalizationGolden): Promise<GoldenRow[]> {
  const { channel, positionsUm, reference, truthUm, neighbours10 } = data;
  const radius = nearestSlots(positionsUm, 24, 75);
  const ptp75 = onSlots(data.ptpLsb, channel, radius);
  const peakv75 = onSlots(data.peakvLsb, channel, radius);
  // against a tight optimum: what the golden data allows; against the reference's own results: how far those are from
  // their tight optimum (its statistics, at 50, 90 and 95 %)
  const tight = [
    [0.1, 0.1, 0.1],
    [0.5, 0.5, 0.5],
    [Infinity, Infinity, Infinity],
  ];
  const loose = [
    [0.0543, 0.0292, 0.0497],
    [0.395, 0.216, 0.293],
    [0.807, 1.12, 1.02],
  ];
  const sets = [
    {
      name: "10 channels, log penalty",
      feature: data.ptp10Uv,
      slots: neighbours10,
      logPenalty: true,
      limits: tight,
      ref: reference.converged,
      width: 5,
      own: reference.logpen,
    },
    {
      name: "10 channels, least squares",
      feature: data.ptp10Uv,
      slots: neighbours10,
      logPenalty: false,
      limits: tight,
      ref: reference.lsq,
      width: 4,
      own: reference.lsq,
    },
    {
      name: "75 µm, peak to peak",
      feature: ptp75,
      slots: radius,
      logPenalty: true,
      limits: loose,
      ref: reference.monoPtp,
      width: 4,
      own: reference.monoPtp,
    },
    {
      name: "75 µm, peak voltage",
      feature: peakv75,
      slots: radius,
      logPenalty: true,
      limits: loose,
      ref: reference.monoPeakv,
      width: 4,
      own: reference.monoPeakv,
    },
  ];
  const rows: GoldenRow[] = [];
  for (const { name, feature, slots, logPenalty, limits, ref, width, own } of sets) {
    const options = { maxDistanceUm: 150, logPenalty };
    const found = await runMonopolar(feature, channel, slots, positionsUm, options);
    const objective = (at: ArrayLike<number>, w: number) =>
      monopolarObjective(at, w, feature, channel, slots, positionsUm, options);
    const [ours, theirs] = [objective(found, monopolarColumns), objective(ref, width)];
    const worse = ours.filter((v, i) => !(v <= theirs[i] + 1e-6)).length / ours.length;
    rows.push({ what: `monopolar, ${name}: share of worse objectives`, found: worse, limit: 0.01 });
    axes.forEach((axis, j) => {
      const d = differences(found, monopolarColumns, ref, width, j);
      [0.5, 0.9, 0.95].forEach((q, i) => {
        const what = `monopolar, ${name}: |Δ${axis}| at ${100 * q} %, µm`;
        if (limits[i][j] < Infinity) rows.push({ what, found: quantile(d, q), limit: limits[i][j] });
      });
      rows.push({
        what: `monopolar, ${name}: median |error| in ${axis} against the truth, µm`,
        found: truthError(found, monopolarColumns, truthUm, j),
        limit: 1.03 * truthError(own, 4, truthUm, j),
      });
    });
  }
  return rows;
}

function centerOfMassRows({ channel, positionsUm, reference, ...data }: LocalizationGolden): GoldenRow[] {
  const slots = nearestSlots(positionsUm, 24, 75);
  const sets = [
    { name: "peak to peak", feature: data.ptpLsb, ref: reference.comPtp },
    { name: "signed peak voltage", feature: data.peakvLsb, ref: reference.comPeakv },
  ];
  return sets.flatMap(({ name, feature, ref }) => {
    const found = centerOfMass(onSlots(feature, channel, slots), channel, slots, positionsUm);
    return [0, 1].map((j) => ({
      what: `centre of mass, ${name}: largest |Δ${axes[j]}|, µm`,
      found: quantile(differences(found, 4, ref, 2, j), 1),
      limit: 1e-4,
    }));
  });
}

async function gridRows({ channel, positionsUm, reference, projection }: LocalizationGolden): Promise<GoldenRow[]> {
  const rows: GoldenRow[] = [];
  for (const mode of ["exponential_3d", "gaussian_2d"] as const) {
    const plan = gridPlan(positionsUm, gridDefaults(mode));
    const feature = onSlots(projection[mode], channel, plan.slots);
    const tensors = gridTensors(plan);
    const result = tidy(() =>
      gridConvolution(tensor2d(feature, [channel.length, plan.slots.nSlots]), tensor1d(channel, "int32"), tensors),
    );
    // the reference puts a spike that no template fits at (0, 0, 0)
    const found = Float64Array.from(await result.data(), (v) => (Number.isNaN(v) ? 0 : v));
    tensors.dispose();
    axes.forEach((axis, j) => {
      const d = differences(found, 4, reference[mode], 3, j);
      rows.push({ what: `grid, ${mode}: |Δ${axis}| at 99.9 %, µm`, found: quantile(d, 0.999), limit: 0.01 });
    });
  }
  return rows;
}

/** Every comparison with the reference, on the current backend, each beside its limit. */
export async function localizationRows(data: LocalizationGolden): Promise<GoldenRow[]> {
  return [...(await monopolarRows(data)), ...centerOfMassRows(data), ...(await gridRows(data))];
}

export const printRows = (rows: GoldenRow[]): string =>
  rows.map(({ what, found, limit }) => `${what}: ${found.toPrecision(3)} (limit ${limit.toPrecision(3)})`).join("\n");

/** The reference's results by their file names, which the fixture and the whole set share. */
export async function loadReference(
  load: (name: string) => Promise<ArrayLike<number>>,
): Promise<LocalizationGolden["reference"]> {
  return {
    converged: await load("mono10_converged_xyza_obj"),
    logpen: await load("mono10_logpen_xyza"),
    lsq: await load("mono10_lsq_xyza"),
    monoPtp: await load("si_mono_ptp_r75"),
    monoPeakv: await load("si_mono_peakv_r75"),
    comPtp: await load("si_com_ptp_r75"),
    comPeakv: await load("si_com_peakv_r75"),
    exponential_3d: await load("si_grid_exp3d"),
    gaussian_2d: await load("si_grid_gauss2d_gaussproto"),
  };
}
