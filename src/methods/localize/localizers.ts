import { type Tensor2D, tensor1d, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { centerOfMass } from "../../core/centerOfMass.ts";
import { AppError, assert } from "../../core/errors.ts";
import { type GridOptions, gridDefaults, gridPlan } from "../../core/gridConvolution.ts";
import { monopolarColumns } from "../../core/monopolar.ts";
import { peakChannel } from "../../core/peakChannel.ts";
import type { SlotTable } from "../../core/types.ts";
import { gridConvolution, gridTensors } from "../../ops/gridConvolution.ts";
import { monopolar } from "../../ops/monopolar.ts";
import type { ParamValues } from "../../protocol/methods.ts";

/** The channels of a probe (connected ones, of one shank). */
export interface LocalizeSite {
  /** [C, 2] µm */
  positionsUm: Float32Array;
}

/** Which feature on which channels a localizer wants for each spike. */
export interface LocalizeNeeds {
  /** "prototype": Σ_t v(t) · prototype(t) with a prototype of peak −1, so that a spike gives a positive number */
  feature: "ptp" | "energy" | "peak_voltage" | "prototype";
  /** a rule that the caller turns into a slot table, or the very table */
  channels: { radiusUm: number } | { nNearest: number } | SlotTable;
}

/** One batch of spikes. */
export interface LocalizeBatch {
  /** [N, K] µV, what `needs` says, on the slots (peak voltage signed); a tensor stays where it is when the localizer runs there */
  feature: Float32Array | Tensor2D;
  /** [N] peak channel */
  channel: Int32Array;
  slots: SlotTable;
}

/** A localizer made ready for a probe. It may hold tensors: dispose it. */
export interface PreparedLocalizer {
  needs: LocalizeNeeds;
  /** [N, 4] x, y, z in µm and α; NaN where the method has none or the spike cannot be located */
  run(batch: LocalizeBatch): Promise<Float32Array>;
  /** null when x and y are not bounded; else how far they may be from the centre of mass, µm */
  maxDistanceUm: number | null;
  dispose(): void;
}

export interface Localizer {
  id: "monopolar" | "com" | "peak-channel" | "grid";
  title: string;
  /** shape in pictures */
  marker: "plus" | "cross" | "square" | "diamond";
  /** false when z and α are NaN for every spike: the method has none */
  givesZ: boolean;
  /** names of the parameters (methods/localize/params.ts) that it heeds */
  params: readonly string[];
  prepare(site: LocalizeSite, params: ParamValues): PreparedLocalizer;
}

const nothing = () => undefined;

/** What the parameters `feature` and `channel_set` ask for. */
function chosenNeeds(params: ParamValues): LocalizeNeeds {
  const feature = params.feature;
  assert(feature === "ptp" || feature === "energy" || feature === "peak_voltage", "feature is one of its options");
  return { feature, channels: params.channel_set === "nearest10" ? { nNearest: 10 } : { radiusUm: 75 } };
}

async function onHost(feature: Float32Array | Tensor2D): Promise<Float32Array> {
  return feature instanceof Float32Array ? feature : ((await feature.data()) as Float32Array);
}

/** The batch as a tensor; the caller's own one is passed on and stays his. */
function featureTensor({ feature, channel, slots }: LocalizeBatch): Tensor2D {
  return feature instanceof Float32Array ? tensor2d(feature, [channel.length, slots.nSlots]) : feature.clone();
}

/** [N, width] → [N, 4] */
function firstFour(fit: Float32Array, width: number): Float32Array {
  return Float32Array.from({ length: (4 * fit.length) / width }, (_, i) => fit[width * (i >> 2) + (i & 3)]);
}

const monopolarLocalizer: Localizer = {
  id: "monopolar",
  title: "Monopolar triangulation",
  marker: "plus",
  givesZ: true,
  params: ["feature", "channel_set", "max_distance", "objective"],
  prepare({ positionsUm }, params) {
    const maxDistanceUm = params.max_distance as number;
    const options = { maxDistanceUm, logPenalty: params.objective === "log-penalty" };
    return {
      needs: chosenNeeds(params),
      maxDistanceUm,
      async run(batch) {
        const { channel, slots } = batch;
        const fit = tidy(() =>
          monopolar(
            featureTensor(batch),
            tensor1d(channel, "int32"),
            tensor2d(slots.channels, [slots.channels.length / slots.nSlots, slots.nSlots], "int32"),
            tensor2d(positionsUm, [positionsUm.length / 2, 2]),
            options,
          ),
        );
        const values = (await fit.data()) as Float32Array;
        fit.dispose();
        return firstFour(values, monopolarColumns);
      },
      dispose: nothing,
    };
  },
};

const centerOfMassLocalizer: Localizer = {
  id: "com",
  title: "Centre of mass",
  marker: "cross",
  givesZ: false,
  params: ["feature", "channel_set"],
  prepare: ({ positionsUm }, params) => ({
    needs: chosenNeeds(params),
    maxDistanceUm: null,
    run: async ({ feature, channel, slots }) => centerOfMass(await onHost(feature), channel, slots, positionsUm),
    dispose: nothing,
  }),
};

const peakChannelLocalizer: Localizer = {
  id: "peak-channel",
  title: "Channel of the largest amplitude",
  marker: "square",
  givesZ: false,
  params: ["feature", "channel_set"],
  prepare: ({ positionsUm }, params) => ({
    needs: chosenNeeds(params),
    maxDistanceUm: null,
    run: async ({ feature, channel, slots }) => peakChannel(await onHost(feature), channel, slots, positionsUm),
    dispose: nothing,
  }),
};

const gridLocalizer: Localizer = {
  id: "grid",
  title: "Grid convolution",
  marker: "diamond",
  givesZ: true,
  params: ["grid_mode"],
  prepare({ positionsUm }, params) {
    const plan = gridPlan(positionsUm, gridDefaults(params.grid_mode as GridOptions["mode"]));
    const tensors = gridTensors(plan);
    return {
      needs: { feature: "prototype", channels: plan.slots },
      maxDistanceUm: null,
      async run(batch) {
        assert(batch.slots.nSlots === plan.slots.nSlots, "grid convolution is given its own slots");
        const location = tidy(() => gridConvolution(featureTensor(batch), tensor1d(batch.channel, "int32"), tensors));
        const values = (await location.data()) as Float32Array;
        location.dispose();
        return values;
      },
      dispose: tensors.dispose,
    };
  },
};

/** Every localizer; the first is the default. */
export const localizers: readonly Localizer[] = [
  monopolarLocalizer,
  centerOfMassLocalizer,
  peakChannelLocalizer,
  gridLocalizer,
];

/** By id. Throws AppError bad-parameter when there is none. */
export function localizerById(id: string): Localizer {
  const found = localizers.find((l) => l.id === id);
  if (found) return found;
  const known = localizers.map((l) => l.id);
  throw new AppError("bad-parameter", `Expected a localizer (${known.join(", ")}), found "${id}".`, { id });
}
