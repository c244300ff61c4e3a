import { AppError, assert } from "../../core/errors.ts";
import { interpolateUnknown, lateralDrift as lateral } from "../../core/lateralDrift.ts";
import { bracket } from "../../core/motion.ts";
import type { Motion, Range } from "../../core/types.ts";
import type { MethodInfo, ParamValues } from "../../protocol/methods.ts";
import {
  defineMethod,
  type MethodContext,
  type MethodInputs,
  type MethodResult,
  type Yielded,
} from "../defineMethod.ts";
import { extremes, usableSpikes } from "../estimators/usableSpikes.ts";
import { number } from "../numberParam.ts";

const title = "Lateral drift";

const params: MethodInfo["params"] = {
  bin_um: number({
    label: "Bin across the probe",
    unit: "µm",
    default: 4,
    min: 0.5,
    max: 50,
    help: "Bin of the histograms of x, and the step of the result unless it is refined.",
  }),
  max_shift_um: number({
    label: "Largest shift",
    unit: "µm",
    default: 32,
    min: 1,
    max: 500,
    help: "How far to either side a time bin may lie from the mean of all.",
  }),
  min_spikes: number({
    label: "Least spikes",
    unit: "spikes",
    default: 50,
    min: 1,
    max: 1000000,
    integer: true,
    help: "Time bins of fewer take what lies between their neighbours.",
  }),
  margin_um: number({
    label: "Margin",
    unit: "µm",
    default: 40,
    min: 0,
    max: 500,
    help: "How far the histograms reach to the left and right of the contacts.",
  }),
  sub_bin: {
    type: "boolean",
    label: "Finer than a bin",
    unit: "",
    default: true,
    help: "Shifts between the bins by a parabola through the three best; without it shifts are whole bins.",
  },
};

/** The bin whose centre is nearest. */
function nearestBin(centersSec: Float64Array, timeSec: number): number {
  const low = bracket(centersSec, timeSec);
  const high = Math.min(centersSec.length - 1, low + 1);
  return Math.abs(centersSec[high] - timeSec) < Math.abs(timeSec - centersSec[low]) ? high : low;
}

async function* run(
  inputs: MethodInputs,
  given: ParamValues,
  { signal }: MethodContext,
): AsyncGenerator<Yielded, MethodResult> {
  const p = given as Record<string, number>;
  const started = performance.now();
  yield { kind: "stage", name: "lateral", title: "Comparing histograms across the probe" };
  if (signal.aborted) return { metrics: {}, summary: {}, complete: false };
  const usable = usableSpikes(inputs, title);
  const { spikes } = usable;
  const xUm = spikes.xUm?.filter(Number.isFinite);
  if (!spikes.xUm || !xUm || xUm.length === 0)
    throw new AppError(
      "bad-data",
      `${title}: expected spikes with a position across the probe (x), found none among ${spikes.nSpikes}; localize them by monopolar triangulation, centre of mass or grid convolution.`,
      { nSpikes: spikes.nSpikes },
    );
  const contacts = inputs.probe?.positionsUm.map(([x]) => x) ?? [];
  const [left, right] = extremes(contacts.length > 0 ? contacts : xUm);
  const rangeUm: Range = contacts.length > 0 ? [left - p.margin_um, right + p.margin_um] : [left, right];
  const { motion } = inputs;
  assert(motion, "the runner has checked that there is a motion");
  const times = motion.timeBinCentersSec;
  const timeBin = Int32Array.from(spikes.timeSec, (t) => nearestBin(times, t));
  const options = {
    binUm: p.bin_um,
    maxShiftUm: p.max_shift_um,
    minSpikes: p.min_spikes,
    subBin: given.sub_bin as boolean,
  };
  const { lateralUm, counts } = lateral(spikes.xUm, timeBin, times.length, rangeUm, options);
  const nFew = counts.filter((n) => n < p.min_spikes).length;
  const warnings = [...usable.warnings];
  if (nFew === times.length)
    warnings.push(
      `No time bin holds ${p.min_spikes} spikes; the lateral drift is 0 throughout. Ask for fewer spikes or make the bins longer.`,
    );
  else if (nFew > 0)
    warnings.push(
      `${nFew} of ${times.length} time bins hold fewer than ${p.min_spikes} spikes; they take what lies between their neighbours.`,
    );
  for (const message of warnings) yield { kind: "warning", code: "lateral-drift-data", message };
  interpolateUnknown(lateralUm);
  const result: Motion = { ...motion, lateralUm };
  const ratePerSec = (1000 * times.length) / Math.max(1e-3, performance.now() - started);
  yield { kind: "progress", done: times.length, total: times.length, unit: "time bins", ratePerSec, secondsLeft: 0 };
  yield { kind: "motion", motion: result };
  const [low, high] = extremes(lateralUm);
  return {
    motion: result,
    metrics: {},
    summary: { n_spikes: spikes.nSpikes, lateral_range_um: high - low, time_bins_with_few_spikes: nFew },
    complete: true,
  };
}

/** Movement across the probe, added to a motion along it. */
export const lateralDrift = defineMethod({
  id: "lateral-drift",
  title,
  summary: "Adds to a motion how far the tissue moved across the probe, from histograms of the spikes' x.",
  reference: "histograms of x against their sum over the recording; corrected x = x − lateral",
  needs: ["spikes", "motion"],
  gives: ["motion"],
  params,
  presets: [],
  troubleshooting: [
    {
      title: "Lateral drift that follows the depth",
      symptom: "The lateral curve looks like the motion along the probe.",
      advice:
        "Contacts are staggered, and poor localization pulls x to the nearest column as the tissue passes. Trust it only with monopolar triangulation; make the largest shift smaller.",
      params: ["max_shift_um"],
    },
  ],
  run,
});
