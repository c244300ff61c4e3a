import type { SpikeTable } from "../core/types.ts";
import type { StepResult } from "../protocol/methods.ts";
import { networkLocations } from "../protocol/models.ts";
import { sendSpikesToCompute } from "./clients.ts";
import { choosePositions, knownPositions, ownPositions } from "./positions.ts";
import { getResults } from "./results.ts";
import { notifyError } from "./sessionStore.ts";
import { showRelocated } from "./showData.ts";

/** A fine-tuned network that did not pass its checks is put aside; a person may use what it says all the same. */

/** The last step that fine-tuned a network. */
export function fineTuned(): StepResult | null {
  return Object.values(getResults().outcomes).findLast((step) => step.gate) ?? null;
}

/** The fine-tuned positions by name, and whether the table of spikes holds them; null where there are none. */
export function fineTunedPositions(): { name: string; isUsed: boolean } | null {
  const spec = fineTuned()?.model?.spec;
  if (!spec) return null;
  const name = networkLocations.tuned(spec);
  const known = knownPositions();
  return name in known ? { name, isUsed: ownPositions(known, getResults().spikes) === name } : null;
}

/** The same spikes at the places of a set of positions. */
export function tableAt(spikes: SpikeTable, xyza: Float32Array): SpikeTable {
  const column = (k: number) => Float64Array.from({ length: spikes.nSpikes }, (_, i) => xyza[4 * i + k]);
  return { ...spikes, xUm: column(0), depthUm: column(1), zUm: column(2), alpha: column(3) };
}

/**
 * Use the fine-tuned positions all the same: pictures, later steps and the export take them. The record of the run says that a
 * person did so.
 */
export function takeFineTuned(): void {
  const tuned = fineTunedPositions();
  const { spikes, run } = getResults();
  if (!tuned || tuned.isUsed || !spikes) return;
  const table = tableAt(spikes, knownPositions()[tuned.name]);
  showRelocated(table);
  choosePositions(null);
  const message = "The fine-tuned positions are used although the network did not pass its checks.";
  const atSec = run?.log.at(-1)?.atSec ?? 0;
  run?.log.push({ atSec, event: { kind: "warning", code: "gate-overruled", message } });
  sendSpikesToCompute(table).catch(notifyError);
}
