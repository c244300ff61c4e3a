import { AppError } from "../../core/errors.ts";
import { type SlotOrder, type SlotOrderVerdict, slotTables } from "../../core/slotOrder.ts";
import type { SlotTable } from "../../core/types.ts";
import type { MethodInfo } from "../../protocol/methods.ts";
import type { KnownWaveforms } from "./known.ts";

/** Which stored slot is which channel, in the order that imported waveforms were written with. */

/** What the parameter `slot_order` can be. */
export type SlotOrderChoice = "auto" | SlotOrder;

/** How methods that read imported waveforms ask for it. */
export const slotOrderParam = {
  type: "choice",
  label: "Slot order",
  unit: "",
  default: "auto",
  options: [
    { value: "auto", label: "find out" },
    { value: "distance", label: "nearest channel first" },
    { value: "depth-lateral", label: "by depth, then across" },
  ],
  help: "In which order the channels of a waveform were stored, which no file says. Spikes fall off with distance, so the order under which they do is taken; the run says how clear that was. Channels at equal distance are taken in the order of their numbers.",
} as const satisfies MethodInfo["params"][string];

const words: Record<SlotOrder, string> = { distance: "nearest first", "depth-lateral": "by depth, then across" };
const other: Record<SlotOrder, SlotOrder> = { distance: "depth-lateral", "depth-lateral": "distance" };

/** Throws AppError for any other text. */
export function slotOrderChoice(text: string): SlotOrderChoice {
  if (text === "auto" || text === "distance" || text === "depth-lateral") return text;
  throw new AppError("bad-parameter", `slot_order must be one of auto, distance, depth-lateral; it is "${text}".`);
}

export function slotOrderInUse(choice: SlotOrderChoice, verdict: SlotOrderVerdict): SlotOrder {
  return choice === "auto" ? verdict.order : choice;
}

/** One sentence: the order in use, who chose it, and both correlations. */
export function slotOrderSentence(choice: SlotOrderChoice, verdict: SlotOrderVerdict): string {
  const used = slotOrderInUse(choice, verdict);
  const number = (order: SlotOrder) => verdict.correlation[order].toFixed(2).replace("-", "−");
  const who = choice === "auto" ? "" : ", as chosen";
  return `Slot order: ${words[used]}${who} (correlation of distance with amplitude ${number(used)}; ${number(other[used])} if ordered ${words[other[used]]}).`;
}

/** What should make a person look twice, one sentence; null when nothing does. */
export function slotOrderDoubt(choice: SlotOrderChoice, { order, isClear }: SlotOrderVerdict): string | null {
  if (choice !== "auto") {
    return isClear && choice !== order
      ? `The waveforms fit the other slot order (${words[order]}) better than the one chosen; positions are wrong if the choice is.`
      : null;
  }
  if (isClear) return null;
  return `The waveforms do not tell in which order their channels stand; ${words[order]} is assumed, so choose the slot order that they were written with.`;
}

/** [C, K] channel of each stored slot. */
export function storedSlots({ source, positionsUm, nChannels }: KnownWaveforms, order: SlotOrder): SlotTable {
  return slotTables(positionsUm, new Int32Array(nChannels), source.nSlots)[order];
}

/** How to bring what is stored into the slots that a localizer wants. */
export interface SlotMap {
  /** the wanted table, −1 also where a channel was not stored */
  slots: SlotTable;
  /** [C, K wanted] stored slot of each, −1 where there is none */
  from: Int32Array;
}

export function mapSlots(stored: SlotTable, wanted: SlotTable): SlotMap {
  const nChannels = stored.channels.length / stored.nSlots;
  const from = new Int32Array(wanted.channels.length).fill(-1);
  for (let c = 0; c < nChannels; c++) {
    const own = stored.channels.subarray(c * stored.nSlots, (c + 1) * stored.nSlots);
    for (let k = c * wanted.nSlots; k < (c + 1) * wanted.nSlots; k++) {
      if (wanted.channels[k] >= 0) from[k] = own.indexOf(wanted.channels[k]);
    }
  }
  const channels = wanted.channels.map((channel, k) => (from[k] < 0 ? -1 : channel));
  return { slots: { nSlots: wanted.nSlots, channels }, from };
}

/** Features [n, K wanted] of features [n, K stored]; 0 where nothing was stored. */
export function gatherSlots(feature: Float32Array, channel: Int32Array, { slots, from }: SlotMap): Float32Array {
  const { nSlots } = slots;
  const nStored = feature.length / channel.length;
  const out = new Float32Array(channel.length * nSlots);
  for (let n = 0; n < channel.length; n++) {
    for (let k = 0; k < nSlots; k++) {
      const slot = from[channel[n] * nSlots + k];
      if (slot >= 0) out[n * nSlots + k] = feature[n * nStored + slot];
    }
  }
  return out;
}
