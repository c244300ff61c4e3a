import { AppError, assert } from "../../core/errors.ts";
import type { SpikeTable } from "../../core/types.ts";
import type { MethodInfo, ParamValues } from "../../protocol/methods.ts";
import {
  defineMethod,
  type MethodContext,
  type MethodInputs,
  type MethodResult,
  type Yielded,
} from "../defineMethod.ts";
import { outliersOf } from "../detectLocalize/result.ts";
import { howToLocalizeParams, localizeParams } from "../localize/params.ts";
import { type KnownWaveforms, knownWaveforms } from "./known.ts";
import { relocated } from "./relocated.ts";
import { sampleWaveforms } from "./sample.ts";
import { type SlotOrderChoice, slotOrderDoubt, slotOrderInUse, slotOrderParam, slotOrderSentence } from "./slots.ts";
import { WaveformLocalizer } from "./waveformLocalizer.ts";

/** Spikes that slot order, principal components and prototype are taken from. */
const sampleSpikes = 5000;
/** 7 MB of waveforms of 10 × 90; small enough that a cancel is heard at once */
const batchSpikes = 2048;

/** Every batch of waveforms in order; the next one is read while one is worked on. */
async function* batches({ source }: KnownWaveforms) {
  const { nSpikes } = source;
  const read = (from: number) => {
    const waveforms = source.readRange(from, Math.min(nSpikes, from + batchSpikes));
    waveforms.catch(() => undefined); // reported when its turn comes
    return waveforms;
  };
  let next = read(0);
  for (let from = 0; from < nSpikes; from += batchSpikes) {
    const to = Math.min(nSpikes, from + batchSpikes);
    const waveforms = await next;
    if (to < nSpikes) next = read(to);
    yield { from, to, waveforms };
  }
}

/** Batch by batch into `locations`; returns how many spikes were reached before the end or a cancel. */
async function* localizeAll(
  known: KnownWaveforms,
  localizer: WaveformLocalizer,
  locations: Record<string, Float32Array>,
  signal: AbortSignal,
): AsyncGenerator<Yielded, number> {
  const total = known.source.nSpikes;
  const startedMs = performance.now();
  let done = 0;
  if (signal.aborted) return done;
  for await (const { from, to, waveforms } of batches(known)) {
    const found = await localizer.locate(waveforms, known.channel.subarray(from, to));
    for (const id of localizer.ids) locations[id].set(found[id], 4 * from);
    done = to;
    const ratePerSec = done / Math.max(1e-3, (performance.now() - startedMs) / 1000);
    yield { kind: "progress", done, total, unit: "spikes", ratePerSec, secondsLeft: (total - done) / ratePerSec };
    if (signal.aborted) break;
  }
  return done;
}

/** Waveforms and table must be of the same spikes. Throws AppError. */
function checkRows(known: KnownWaveforms, spikes: SpikeTable): void {
  const found = known.source.nSpikes;
  if (found === spikes.nSpikes) return;
  throw new AppError(
    "bad-data",
    `Expected a waveform for each of the ${spikes.nSpikes} spikes, found ${found}; open the data set that both belong to.`,
  );
}

async function* run(
  { spikes, waveforms }: MethodInputs,
  params: ParamValues,
  { seed, signal }: MethodContext,
): AsyncGenerator<Yielded, MethodResult> {
  assert(spikes && waveforms, "the runner has checked that there are spikes with waveforms");
  const known = knownWaveforms(waveforms);
  checkRows(known, spikes);
  yield { kind: "stage", name: "sample", title: "Looking at a sample of the waveforms" };
  const sample = await sampleWaveforms(known, sampleSpikes, seed);
  const choice = params.slot_order as SlotOrderChoice;
  const order = slotOrderInUse(choice, sample.verdict);
  yield { kind: "warning", code: "slot-order", message: slotOrderSentence(choice, sample.verdict) };
  const doubt = slotOrderDoubt(choice, sample.verdict);
  if (doubt) yield { kind: "warning", code: "slot-order-doubt", message: doubt };
  yield { kind: "stage", name: "localize", title: "Localizing the waveforms" };
  const localizer = new WaveformLocalizer(known, sample, order, params, seed);
  const empty = () => new Float32Array(4 * spikes.nSpikes).fill(Number.NaN);
  const locations = Object.fromEntries(localizer.ids.map((id) => [id, empty()]));
  let done = 0;
  try {
    done = yield* localizeAll(known, localizer, locations, signal);
  } finally {
    localizer.dispose();
  }
  const [main] = localizer.ids;
  const { table, nKept, sentence } = relocated(spikes, locations[main], done);
  if (sentence) yield { kind: "warning", code: "kept-positions", message: sentence };
  const reached = Object.fromEntries(Object.entries(locations).map(([id, xyza]) => [id, xyza.subarray(0, 4 * done)]));
  const outliers = outliersOf(reached, main, known, params.max_distance as number);
  if (outliers.sentence) yield { kind: "warning", code: "outliers", message: outliers.sentence };
  const { correlation } = sample.verdict;
  const summary = {
    n_spikes: spikes.nSpikes,
    n_localized: spikes.nSpikes - nKept,
    slot_correlation_distance: correlation.distance,
    slot_correlation_depth_lateral: correlation["depth-lateral"],
    // 0: nearest first, 1: by depth, then across
    slot_order_depth_lateral: Number(order === "depth-lateral"),
    samples_before_peak: sample.samplesBefore,
    tpca_explained: sample.tpca.explained.reduce((sum, v) => sum + v, 0),
    ...outliers.summary,
  };
  return { spikes: table, locations, metrics: {}, summary, complete: done === spikes.nSpikes };
}

const params: MethodInfo["params"] = {
  ...localizeParams,
  channel_set: {
    ...localizeParams.channel_set,
    help: `${localizeParams.channel_set.help} Only channels that were stored with the waveforms can: on most probes the stored ten reach less far than 75 µm, and grid convolution takes what was not stored as silent.`,
  },
  slot_order: slotOrderParam,
  ...howToLocalizeParams,
};

const troubleshooting: MethodInfo["troubleshooting"] = [
  {
    title: "Positions scattered across the probe",
    symptom: "Bands in the raster are wide, or the localizers disagree by tens of µm.",
    advice:
      "The slot order may be the wrong one: look at the two correlations that the run reports, and click a few spikes. Waveforms that do not shrink with distance from the peak channel stand on the wrong contacts; choose the other order.",
    params: ["slot_order"],
  },
];

/** From imported waveforms to positions. */
export const localizeWaveforms = defineMethod({
  id: "localize",
  title: "Localize waveforms",
  summary: "Locates spikes that came with their waveforms, and finds out in which order the channels of those stand.",
  reference:
    "Localizers of SpikeInterface@a5f7dbb3; monopolar triangulation: Boussard et al., NeurIPS 2021; slot order: evarol/spikelocalizationtensor",
  needs: ["spikes", "waveforms"],
  gives: ["locations"],
  params,
  presets: [],
  troubleshooting,
  run,
});
