import { iterativeTemplate as alignment } from "../../core/iterativeTemplate.ts";
import { motionHistogram } from "../../core/motionHistogram.ts";
import { motionWindows } from "../../core/motionWindows.ts";
import type { Range } from "../../core/types.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import {
  defineMethod,
  type MethodContext,
  type MethodInputs,
  type MethodResult,
  type Yielded,
} from "../defineMethod.ts";
import { paced } from "../estimators/paced.ts";
import { extremes, usableSpikes } from "../estimators/usableSpikes.ts";
import { oneWindow, windowOptions } from "../estimators/windowParams.ts";
import { params, presets, troubleshooting } from "./params.ts";

const title = "Iterative template (Kilosort-like)";

/** The range widened by a margin, or narrowed as far as it goes. */
function widened([low, high]: Range, marginUm: number): Range {
  const middle = (low + high) / 2;
  return [Math.min(middle, low - marginUm), Math.max(middle, high + marginUm)];
}

async function* run(
  inputs: MethodInputs,
  given: ParamValues,
  context: MethodContext,
): AsyncGenerator<Yielded, MethodResult> {
  const p = given as Record<string, number>;
  yield { kind: "stage", name: "histogram", title: "Counting spikes by time, depth and amplitude" };
  const { spikes, depthRangeUm, lastSec, warnings } = usableSpikes(inputs, title, Math.max(0, p.hist_margin_um));
  const histogram = motionHistogram(spikes, widened(depthRangeUm, p.hist_margin_um), lastSec, {
    binSec: p.bin_s,
    binUm: p.bin_um,
    nAmpBins: p.num_amp_bins,
  });
  const { depthEdgesUm, nDepths, counts } = histogram;
  const depthUm = Float64Array.from({ length: nDepths }, (_, d) => (depthEdgesUm[d] + depthEdgesUm[d + 1]) / 2);
  const { windows, reduced } = motionWindows(depthUm, depthRangeUm, windowOptions(given));
  if (reduced) warnings.push(oneWindow);
  const nEmpty = counts.filter((n) => n === 0).length;
  if (nEmpty > 0)
    warnings.push(
      `${nEmpty} of ${counts.length} time bins hold no spikes; they take the motion between their neighbours.`,
    );
  for (const message of warnings) yield { kind: "warning", code: "iterative-template-data", message };
  yield { kind: "stage", name: "align", title: "Aligning to the template" };
  const work = alignment(histogram, windows, {
    nShiftsGlobal: p.num_shifts_global,
    nIterations: p.num_iterations,
    nShiftsBlock: p.num_shifts_block,
    smoothingSigma: p.smoothing_sigma,
    krigingSigma: p.kriging_sigma,
    krigingP: p.kriging_p,
    krigingD: p.kriging_d,
  });
  const motion = yield* paced(work, context);
  if (!motion) return { metrics: {}, summary: {}, complete: false };
  yield { kind: "motion", motion };
  const [low, high] = extremes(motion.displacementUm);
  return {
    motion,
    metrics: {},
    summary: { n_spikes: spikes.nSpikes, n_windows: windows.length, motion_range_um: high - low },
    complete: true,
  };
}

/** Kilosort's drift estimate: every stretch of time is shifted until its histogram fits a common template. */
export const iterativeTemplate = defineMethod({
  id: "iterative-template",
  title,
  summary: "Shifts the histogram of every time bin to a template that is renewed in rounds, as Kilosort 2.5 and 4 do.",
  reference: "Steinmetz et al., Science 2021; SpikeInterface@a5f7dbb3 sortingcomponents/motion/iterative_template.py",
  needs: ["spikes"],
  gives: ["motion"],
  params,
  presets,
  troubleshooting,
  run,
});
