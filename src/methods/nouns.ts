import { AppError } from "../core/errors.ts";
import type { SpikeTable } from "../core/types.ts";
import type { Method, MethodInputs, MethodResult } from "./defineMethod.ts";

/** What a method starts from: what is there, what a step before leaves to the next, and what is said when something lacks. */

/** What each noun lacks, and what to do about it; `title` is the method's. */
const LACKING: Record<string, (title: string, inputs: MethodInputs) => string | null> = {
  recording: (title, { recording }) =>
    recording ? null : `${title} needs a raw recording; open a SpikeGLX recording first.`,
  waveforms: (title, { waveforms }) =>
    waveforms
      ? null
      : `${title} needs spikes that came with their waveforms; open an SLN data set with waveforms_all.npy.`,
  motion: (title, { motion }) =>
    motion ? null : `${title} needs a motion; open one, or run a step that estimates one first.`,
  spikes: (title, { spikes }) => {
    if (!spikes) return `${title} needs spikes; open some, or run a step that finds them first.`;
    return spikes.nSpikes === 0 ? `${title} needs spikes, and the step before found none.` : null;
  },
  "spike-waveforms": (title, { waveforms, stored }) =>
    waveforms || stored
      ? null
      : `${title} needs the waveforms of the spikes, and these have none; drop the raw recording and find them in it (detect-localize), or drop an SLN data set with waveforms_all.npy.`,
  model: (title, { model }) =>
    model ? null : `${title} needs a trained network; run sln-pretrain first, or drop a model (.safetensors).`,
};

/** Throws AppError when something that a method needs is not there. */
export function checkNeeds({ needs, title }: Method, inputs: MethodInputs): void {
  for (const noun of ["recording", "waveforms", "motion", "spikes", "spike-waveforms", "model"]) {
    const sentence = needs.includes(noun) ? LACKING[noun](title, inputs) : null;
    if (sentence) throw new AppError("bad-data", sentence);
  }
}

/** Whether two tables are of the same spikes, wherever those are placed. Tables cross threads as copies: told by their times. */
export function sameSpikes(a: SpikeTable, b: SpikeTable): boolean {
  return a === b || (a.nSpikes === b.nSpikes && a.timeSec.every((sec, n) => sec === b.timeSec[n]));
}

/** What the next step starts from. Locations and waveforms are of the spikes they were found with, and go with those. */
export function handedOn(before: MethodInputs, result: MethodResult): MethodInputs {
  const { spikes, motion, locations, waveforms, model } = result;
  const { locations: known, stored, ...others } = before;
  // spikes that come with waveforms were found anew
  const sameAsBefore = !waveforms && (!spikes || (before.spikes !== null && sameSpikes(spikes, before.spikes)));
  const allLocations = { ...(sameAsBefore ? known : {}), ...locations };
  const ownWaveforms = waveforms ?? (sameAsBefore ? stored : undefined);
  return {
    ...others,
    spikes: spikes ?? before.spikes,
    ...(motion ? { motion } : {}),
    ...(model ? { model } : {}),
    ...(ownWaveforms ? { stored: ownWaveforms } : {}),
    ...(Object.keys(allLocations).length > 0 ? { locations: allLocations } : {}),
  };
}

/** What a raw recording tells of the probe and of how long it is. */
export function factsOfRecording({ recording }: MethodInputs): Pick<MethodInputs, "probe" | "durationSec"> {
  if (!recording) return {};
  const { probe, segments, rateHz } = recording.reader.recording;
  const ends = segments.map(({ startSec, nSamples }) => startSec + (nSamples - 1) / rateHz);
  return { probe, durationSec: Math.max(...ends) };
}
