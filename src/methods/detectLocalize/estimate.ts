import type { Recording } from "../../core/types.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import type { RunEstimate } from "../../protocol/recordings.ts";
import { localizerIds } from "../localize/measure.ts";
import { totalSeconds } from "./recordingChecks.ts";
import { detectSettings } from "./settings.ts";
import { SpikeColumns } from "./spikeColumns.ts";

/** Spikes per channel and second of a busy recording at threshold 5; most have fewer. */
const busyRatePerChannel = 6;
/** columns of a table of spikes and the positions of each localizer */
const tableBytes = 64;
/** samples of a tile with its margins, as preprocess takes them */
const tileSamples = 16384;
/** copies of a tile that exist at once: as read, as filtered, as referenced, in the threads' memory, and the next one */
const tileCopies = 6;

/** What a run over a recording needs at most: memory at any moment, and room in the scratch. */
export function runEstimate(recording: Recording, params: ParamValues): RunEstimate {
  const { nChannels } = recording;
  const settings = detectSettings(params, recording);
  const seconds = totalSeconds(recording);
  const nSpikes = seconds * nChannels * busyRatePerChannel;
  const ids = localizerIds(params);
  const perSpike = SpikeColumns.bytesPerSpike(ids.length, settings.nSlots * settings.nComponents);
  const tile = tileSamples * nChannels * 4;
  return {
    memoryBytes: 60e6 + tileCopies * tile + nSpikes * (tableBytes + 16 * ids.length),
    diskBytes: nSpikes * perSpike,
    basis: `for at most ${busyRatePerChannel} spikes per channel and second, ${Math.round(nSpikes / 1000)} thousand in all`,
  };
}
