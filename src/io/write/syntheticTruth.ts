import type { SyntheticRecording } from "../../core/syntheticRecording.ts";
import { nearestChannel, spikePosition } from "../../core/syntheticSpikeTraces.ts";
import { jsonFile, type WrittenFile } from "./file.ts";
import { npyFile } from "./npy.ts";
import { spikeinterfaceMotionFiles } from "./spikeinterfaceMotion.ts";

/** What truth.json calls itself; a folder that holds it is a truth folder. */
export const TRUTH_FORMAT = "driftscope-truth";
const POSITION_STEP_SEC = 1;

/**
 * What is true of a simulated recording, as a folder: every spike (sample, segment, unit, nearest contact, place and source
 * amplitude when it was fired), every unit (at rest, and its x and y each second), the options, and the motion as a
 * SpikeInterface Motion folder: motion/, or motion_shank0/, motion_shank1/ … where shanks move apart.
 */
export function syntheticTruthFiles(folder: string, simulated: SyntheticRecording): WrittenFile[] {
  const { options, recording, truth } = simulated;
  const { units, motions } = truth;
  const isOne = motions.length === 1 || options.shanks === "together";
  const table = (name: string, rows: readonly (readonly number[])[]) =>
    npyFile(`${folder}/${name}`, rows.flat(), [rows.length, rows[0].length], "<f8");
  return [
    jsonFile(`${folder}/truth.json`, {
      format: TRUTH_FORMAT,
      version: 1,
      options,
      rateHz: recording.rateHz,
      segments: recording.segments,
      positionsUm: recording.probe.positionsUm,
      noiseUv: Math.hypot(options.sharedNoiseUv, options.ownNoiseUv),
      nSpikes: truth.trains.sample.length,
      units: units.map(({ waveform: _, ...unit }) => unit),
    }),
    ...spikeFiles(folder, simulated),
    table(
      "unit_xyz_um.npy",
      units.map(({ xUm, yUm, zUm }) => [xUm, yUm, zUm]),
    ),
    npyFile(
      `${folder}/unit_alpha.npy`,
      units.map(({ alpha }) => alpha),
      [units.length],
      "<f8",
    ),
    ...positionFiles(folder, simulated),
    ...(isOne
      ? spikeinterfaceMotionFiles(`${folder}/motion`, motions[0])
      : motions.flatMap((motion, s) => spikeinterfaceMotionFiles(`${folder}/motion_shank${s}`, motion))),
  ];
}

function spikeFiles(folder: string, { recording, truth }: SyntheticRecording): WrittenFile[] {
  const { trains, units } = truth;
  const nSpikes = trains.sample.length;
  const channel = new Int32Array(nSpikes);
  const xyzUm = new Float32Array(nSpikes * 3);
  const alpha = new Float32Array(nSpikes);
  for (let i = 0; i < nSpikes; i++) {
    const place = spikePosition(truth, recording, i);
    const unit = units[trains.unit[i]];
    channel[i] = nearestChannel(recording, unit.shank, place);
    xyzUm.set([place.xUm, place.yUm, place.zUm], 3 * i);
    alpha[i] = unit.alpha * trains.scale[i];
  }
  // a first lobe that rounds past the last sample counts as the last
  const sample = trains.sample.map((s, i) =>
    Math.min(Math.round(s), recording.segments[trains.segment[i]].nSamples - 1),
  );
  return [
    npyFile(`${folder}/true_spike_sample.npy`, sample, [nSpikes], "<i8"),
    npyFile(`${folder}/true_spike_segment.npy`, trains.segment, [nSpikes], "<i4"),
    npyFile(`${folder}/true_spike_unit.npy`, trains.unit, [nSpikes], "<i4"),
    npyFile(`${folder}/true_spike_channel.npy`, channel, [nSpikes], "<i4"),
    npyFile(`${folder}/true_spike_xyz_um.npy`, xyzUm, [nSpikes, 3], "<f4"),
    npyFile(`${folder}/true_spike_alpha.npy`, alpha, [nSpikes], "<f4"),
  ];
}

/** x and y of every unit (U, T, 2) at times (T,), gaps included. */
function positionFiles(folder: string, { recording, truth }: SyntheticRecording): WrittenFile[] {
  const last = recording.segments[recording.segments.length - 1];
  const durationSec = last.startSec + last.nSamples / recording.rateHz;
  const nTimes = Math.floor(durationSec / POSITION_STEP_SEC) + 1;
  const timeSec = Float64Array.from({ length: nTimes }, (_, i) => i * POSITION_STEP_SEC);
  const { units, drifts } = truth;
  const xyUm = new Float64Array(units.length * nTimes * 2);
  for (const [u, { xUm, yUm, shank }] of units.entries()) {
    for (let i = 0; i < nTimes; i++) {
      xyUm.set([xUm, yUm + drifts[shank](timeSec[i], yUm)], 2 * (u * nTimes + i));
    }
  }
  return [
    npyFile(`${folder}/unit_positions_over_time_um.npy`, xyUm, [units.length, nTimes, 2], "<f8"),
    npyFile(`${folder}/unit_positions_time_sec.npy`, timeSec, [nTimes], "<f8"),
  ];
}
