import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { Random } from "../../src/core/random.ts";
import { localizerById } from "../../src/methods/localize/localizers.ts";
import { localizeParams } from "../../src/methods/localize/params.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { monopolar } from "../../src/ops/monopolar.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";
import { nearestSlots, pointSources, staggeredProbe } from "../cases/localizeProbe.ts";

export interface LocalizeBenchRow {
  localizer: string;
  /** median of 5 runs in CPU mode */
  spikesPerSec: number;
  threads: number;
  /** what SpikeInterface does with one process on two cores of an AMD EPYC (2.25 GHz), spikes/s */
  referencePerSec: number;
}

const nSpikes = 100_000;
const nChannels = 384;

async function medianRate(run: () => Promise<unknown>): Promise<number> {
  await run(); // the first one compiles
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const started = performance.now();
    await run();
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return (1000 * nSpikes) / times[2];
}

/** Spikes per second of every localizer on 384 staggered contacts, point sources with 3 % noise. Prints nothing. */
export async function localizeBench(): Promise<LocalizeBenchRow[]> {
  const { threads } = await chooseCompute("cpu", () => undefined);
  const positionsUm = staggeredProbe(nChannels);
  const params: ParamValues = Object.fromEntries(Object.entries(localizeParams).map(([k, p]) => [k, p.default]));
  const rows: LocalizeBenchRow[] = [];
  const ten = nearestSlots(positionsUm, 10);
  const few = pointSources(new Random(1), nSpikes, positionsUm, ten, 0.03);
  const tensors = {
    feature: tensor2d(few.feature, [nSpikes, 10]),
    channel: tensor1d(few.channel, "int32"),
    slots: tensor2d(ten.channels, [nChannels, 10], "int32"),
    positionsUm: tensor2d(positionsUm, [nChannels, 2]),
  };
  const ofTen = await medianRate(async () => {
    const fit = monopolar(tensors.feature, tensors.channel, tensors.slots, tensors.positionsUm, {
      maxDistanceUm: 150,
      logPenalty: true,
    });
    await fit.data();
    fit.dispose();
  });
  rows.push({ localizer: "monopolar, 10 channels", spikesPerSec: ofTen, threads, referencePerSec: 300 });
  const wide = nearestSlots(positionsUm, 17, 75);
  for (const { id, referencePerSec } of [
    { id: "monopolar", referencePerSec: 194 },
    { id: "grid", referencePerSec: 3300 },
    { id: "com", referencePerSec: 49_000 },
    { id: "peak-channel", referencePerSec: Number.NaN },
  ]) {
    const ready = localizerById(id).prepare({ positionsUm }, params);
    const { channels } = ready.needs;
    const slots = "nSlots" in channels ? channels : wide;
    const { feature, channel } = pointSources(new Random(1), nSpikes, positionsUm, slots, 0.03);
    const spikesPerSec = await medianRate(() => ready.run({ feature, channel, slots }));
    ready.dispose();
    const localizer = id === "monopolar" ? "monopolar, 75 µm" : id;
    rows.push({ localizer, spikesPerSec, threads, referencePerSec });
  }
  return rows;
}
