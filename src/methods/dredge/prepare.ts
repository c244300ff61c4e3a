import { type DredgeOptions, dredgeDefaults } from "../../core/dredge/options.ts";
import { AppError, assert } from "../../core/errors.ts";
import { median } from "../../core/motion.ts";
import type { ProbeSites, Range, SpikeTable } from "../../core/types.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import type { MethodInputs } from "../defineMethod.ts";
import { windowOptions } from "../estimators/windowParams.ts";

/** What the arithmetic starts from: spikes that take part, ranges, options, and what the reader should know of them. */
export interface Prepared {
  spikes: SpikeTable;
  probeRangeUm: Range;
  lastSec: number;
  options: DredgeOptions;
  /** 0 solves the recording whole */
  chunkBins: number;
  warnings: string[];
}

/** Spikes far off the probe are few; beyond these quantiles, and so many µm, they do not widen a range taken from spikes. */
const rangeQuantile = 0.001;
const rangeSlackUm = 100;

export function prepare(inputs: MethodInputs, params: ParamValues): Prepared {
  assert(inputs.spikes, "the runner has checked that there are spikes");
  const warnings: string[] = [];
  const options = optionsOf(params);
  const spikes = inMicrovolt(usable(inputs.spikes, warnings), warnings);
  if (spikes.depthUm.every((depth) => depth === spikes.depthUm[0]))
    throw new AppError(
      "bad-data",
      `DREDge: expected spikes at more than one depth, found all ${spikes.nSpikes} at ${spikes.depthUm[0]} µm; localize them along the probe first.`,
      { depthUm: spikes.depthUm[0] },
    );
  const probeRangeUm = depthRange(inputs.probe, params, spikes, options, warnings);
  return {
    spikes,
    probeRangeUm,
    lastSec: inputs.durationSec ?? Math.max(spikes.timeSec[spikes.nSpikes - 1], 0),
    options,
    chunkBins: Math.ceil((params.chunk_len_s as number) / options.binSec),
    warnings,
  };
}

/** 0 stands for the automatic choice where a parameter has one. */
function optionsOf(given: ParamValues): DredgeOptions {
  const p = given as Record<string, number>;
  const gate = (name: string) => (given.do_window_weights ? p[name] : Number.NEGATIVE_INFINITY);
  return {
    ...dredgeDefaults,
    variant: given.front_end as DredgeOptions["variant"],
    ...windowOptions(given),
    binSec: p.bin_s,
    binUm: p.bin_um,
    depthSmoothUm: p.histogram_depth_smooth_um,
    timeSmoothSec: p.histogram_time_smooth_s,
    averageInBin: given.avg_in_bin as boolean,
    maxDisplacementUm: p.max_disp_um === 0 ? null : p.max_disp_um,
    horizonSec: p.time_horizon_s,
    minCorrelation: p.mincorr,
    heatLow: gate("weights_threshold_low"),
    heatHigh: gate("weights_threshold_high"),
    lambdaTime: p.lambda_t,
    lambdaSpace: p.lambda_s,
    ridge: p.eps,
  };
}

/** Spikes with a time, a depth and an amplitude. Throws AppError when there are none. */
function usable(spikes: SpikeTable, warnings: string[]): SpikeTable {
  const { timeSec, depthUm, ampUv } = spikes;
  const isUsable = (i: number) =>
    Number.isFinite(timeSec[i]) && Number.isFinite(depthUm[i]) && Number.isFinite(ampUv[i]);
  let nUsable = 0;
  for (let i = 0; i < spikes.nSpikes; i++) if (isUsable(i)) nUsable++;
  const nLeftOut = spikes.nSpikes - nUsable;
  if (nUsable === 0)
    throw new AppError(
      "bad-data",
      `DREDge: expected spikes with a time, a depth and an amplitude, found none among ${spikes.nSpikes}; localize them first.`,
      { nSpikes: spikes.nSpikes },
    );
  if (nLeftOut === 0) return spikes;
  warnings.push(
    `${nLeftOut.toLocaleString("en")} of ${spikes.nSpikes.toLocaleString("en")} spikes have no depth or no amplitude (not a number); they take no part.`,
  );
  const rows = new Int32Array(nUsable);
  for (let i = 0, n = 0; i < spikes.nSpikes; i++) if (isUsable(i)) rows[n++] = i;
  return {
    nSpikes: nUsable,
    timeSec: Float64Array.from(rows, (i) => timeSec[i]),
    depthUm: Float64Array.from(rows, (i) => depthUm[i]),
    ampUv: Float32Array.from(rows, (i) => ampUv[i]),
  };
}

/** The thresholds of activity are in µV: amplitudes in mV or V would all be cold, and amplitudes of 0 leave nothing to see. */
function inMicrovolt(spikes: SpikeTable, warnings: string[]): SpikeTable {
  const middle = median(spikes.ampUv.map(Math.abs));
  if (middle >= 1) return spikes;
  if (!spikes.ampUv.some((amp) => amp !== 0)) {
    warnings.push("All amplitudes are 0; every spike counts alike.");
    return { ...spikes, ampUv: new Float32Array(spikes.nSpikes).fill(-100) };
  }
  if (middle === 0) return spikes;
  const factor = 1000 ** Math.ceil(-Math.log10(middle) / 3);
  warnings.push(
    `Expected amplitudes in µV, found a median of ${middle.toPrecision(2)}; they are taken times ${factor.toExponential(0)} for the thresholds of activity.`,
  );
  return { ...spikes, ampUv: spikes.ampUv.map((amp) => amp * factor) };
}

/** Depths of the lowest and the highest contact: of the probe, as stated by parameter, else as far as the spikes go. */
function depthRange(
  probe: ProbeSites | undefined,
  params: ParamValues,
  { depthUm }: SpikeTable,
  { variant }: DredgeOptions,
  warnings: string[],
): Range {
  const contacts = (probe?.positionsUm ?? []).filter((_, c) => probe?.connected[c]).map(([, yUm]) => yUm);
  if (contacts.length > 0)
    return contacts.reduce(([low, high], y) => [Math.min(low, y), Math.max(high, y)], [contacts[0], contacts[0]]);
  const [low, high] = [params.probe_low_um as number, params.probe_high_um as number];
  if (low > high)
    throw new AppError(
      "bad-parameter",
      `probe_low_um must not lie above probe_high_um; they are ${low} and ${high} µm.`,
      { low, high },
    );
  if (low < high) return [low, high];
  const sorted = depthUm.slice().sort();
  const at = (quantile: number) => sorted[Math.round(quantile * (sorted.length - 1))];
  const range: Range = [
    Math.floor(Math.max(sorted[0], at(rangeQuantile) - rangeSlackUm)),
    Math.ceil(Math.min(sorted[sorted.length - 1], at(1 - rangeQuantile) + rangeSlackUm)),
  ];
  if (variant === "spikeinterface")
    warnings.push(
      `Where the contacts lie is not known; the depths of the spikes are taken, ${range[0]} to ${range[1]} µm. State probe_low_um and probe_high_um for the reference's windows.`,
    );
  return range;
}
