import { AppError, asAppError, assert, messageOf } from "../../core/errors.ts";
import { nearestContacts } from "../../core/nearestContacts.ts";
import type { ProbeSites, SpikeTable } from "../../core/types.ts";
import type { SpikeinterfaceFile, SpikeinterfaceForm, SpikeinterfaceGiven } from "../../protocol/spikeinterface.ts";
import { jsonFile, type WrittenFile } from "./file.ts";
import { clockOf } from "./motionExports.ts";
import { motionInfoFiles, type SampleClock } from "./motionInfo.ts";
import { nSharedPlaces, probeinterfaceFile } from "./probeinterface.ts";
import { freeNames, notedFolders } from "./sessionMotions.ts";
import { arePeaks, type Peaks, spikeinterfacePeaksFiles } from "./spikeinterfacePeaks.ts";
import { zipBlob } from "./zip.ts";

/** Files relative to where they are saved, and what a reader should know of how they were made. */
export interface SpikeinterfaceExport {
  files: WrittenFile[];
  notes: string[];
}

/**
 * What is open as SpikeInterface and probeinterface read it. `probeinterface`: probe.json, or one file per probe. `peaks`: peaks.npy,
 * peak_locations.npy and peaks.json with the rate. `motion-info`: the folder that load_motion_info takes, one folder per motion where there are
 * several. Throws AppError where what is open lacks what the form needs.
 */
export function spikeinterfaceExport(as: SpikeinterfaceForm, given: SpikeinterfaceGiven): SpikeinterfaceExport {
  if (as === "probeinterface") return probeFiles(given);
  return as === "peaks" ? peakFiles(given) : motionFiles(given);
}

/** The same as one file that a browser can save: alone as it is, several as a zip. */
export function spikeinterfaceFile(as: SpikeinterfaceForm, given: SpikeinterfaceGiven): SpikeinterfaceFile {
  const { files, notes } = spikeinterfaceExport(as, given);
  if (files.length > 1) return { blob: zipBlob(files), name: `${as}.zip`, notes };
  const [{ path, bytes }] = files;
  return { blob: new Blob([new Uint8Array(bytes)]), name: path, notes };
}

function probeFiles({ probes }: SpikeinterfaceGiven): SpikeinterfaceExport {
  if (probes.length === 0)
    throw missing("a recording or spikes that say where their contacts lie, or a probeinterface .json beside them");
  const names = probes.length === 1 ? ["probe"] : freeNames(probes.map(({ name }) => name));
  const notes = probes.flatMap(({ name, probe }) => {
    const nShared = nSharedPlaces(probe);
    return nShared === 0
      ? []
      : [`${name}: ${nShared} contacts lie where another one lies, which probeinterface refuses to load.`];
  });
  return { files: probes.map(({ name, probe }, i) => probeinterfaceFile(`${names[i]}.json`, name, probe)), notes };
}

function peakFiles(given: SpikeinterfaceGiven): SpikeinterfaceExport {
  if (!given.spikes) throw missing("spikes with their positions");
  const notes: string[] = [];
  const clock = clockFor(given);
  const peaks = asPeaks(given.spikes, given, notes);
  noteUnknown(peaks, notes);
  const files = spikeinterfacePeaksFiles(".", peaks).map(({ path, bytes }) => ({ path: path.slice(2), bytes }));
  return { files: [...files, jsonFile("peaks.json", { sampling_frequency: clock.rateHz })], notes };
}

function motionFiles(given: SpikeinterfaceGiven): SpikeinterfaceExport {
  const { motions } = given;
  if (motions.length === 0) throw missing("a motion, and the spikes it was estimated from");
  const notes: string[] = [];
  const spikes = peaksOrNote(given, notes);
  const nSegments = spikes?.segment ? spikes.segment.reduce((most, s) => Math.max(most, s + 1), 1) : 1;
  if (nSegments > 1)
    notes.push(
      `motion/ has ${nSegments} segments, each in time from its first sample; where they begin stands in parameters.json.`,
    );
  const named = notedFolders(motions);
  const files = named.flatMap((one) => {
    const folder = named.length === 1 ? "." : one.name;
    const { byShank } = one.motion;
    if (byShank)
      notes.push(
        `${one.name}: motion/ is the mean of ${byShank.length} shanks; each shank's own is motion-shank0/, ….`,
      );
    return [...motionInfoFiles(folder, one, spikes, clockFor(given))];
  });
  return { files: files.map(({ path, bytes }) => ({ path: path.replace(/^\.\//, ""), bytes })), notes };
}

/** A motion goes without its peaks, which SpikeInterface then loads as None. */
function peaksOrNote(given: SpikeinterfaceGiven, notes: string[]): SpikeTable | null {
  const { spikes } = given;
  try {
    if (!spikes) throw missing("spikes");
    const peaks = asPeaks(spikes, given, notes);
    noteUnknown(peaks, notes);
    return peaks;
  } catch (error) {
    if (!asAppError(error)) throw error;
    notes.push(`peaks.npy and peak_locations.npy are left out. ${messageOf(error)}`);
    return spikes;
  }
}

function clockFor({ spikes, motions, clock }: SpikeinterfaceGiven): SampleClock {
  return clock ?? clockOf(spikes, motions[0]?.motion ?? null);
}

/** Spikes with their samples and channels; where they lack them, from times and the rate, and from the nearest contact. */
function asPeaks(spikes: SpikeTable, given: SpikeinterfaceGiven, notes: string[]): Peaks {
  const out = { ...spikes };
  const { clock, probes } = given;
  if (!out.sampleIndex) {
    if (!clock)
      throw missing(
        "the sample of each spike, or a sampling rate to take it from (the recording beside them, or --rate-hz on the command line)",
      );
    const startsSec = clock.segments.map(({ startSec }) => startSec);
    out.sampleIndex = spikes.timeSec.map((t, i) =>
      Math.max(0, Math.round((t - (startsSec[spikes.segment?.[i] ?? 0] ?? 0)) * clock.rateHz)),
    );
    notes.push(`sample_index is the time of each spike × ${clock.rateHz} Hz, rounded.`);
  }
  if (!out.channel) {
    const [place] = probes.filter(({ probe }) => probe.positionsUm.length > 0);
    if (!place)
      throw missing(
        "the channel of each spike, or contacts to take the nearest of (a probeinterface .json beside the spikes)",
      );
    out.channel = nearestChannels(spikes, place.probe);
    notes.push(`channel_index is the contact of ${place.name} nearest to each spike.`);
  }
  assert(arePeaks(out), "samples and channels were filled in");
  return out;
}

function noteUnknown({ xUm, ampUv }: SpikeTable, notes: string[]): void {
  if (!xUm) notes.push("x of peak_locations.npy is not known and is NaN; y is the depth.");
  if (ampUv.every((uv) => uv > 0))
    notes.push(
      "All amplitudes are positive, as the file of the spikes has them; SpikeInterface's own are negative for troughs.",
    );
}

/** The contact nearest to each spike, on its shank; without x, nearest in depth. References and dead sites are none. */
function nearestChannels({ xUm, depthUm, shank }: SpikeTable, probe: ProbeSites): Int32Array {
  const isApart = shank !== undefined && probe.nShanks > 1;
  const allows = (c: number, i: number) => probe.connected[c] !== false && !(isApart && probe.shank[c] !== shank[i]);
  return nearestContacts(depthUm, xUm, probe.positionsUm, allows).map((c) => Math.max(0, c));
}

function missing(expected: string): AppError {
  return new AppError("bad-data", `Expected ${expected}, found none.`);
}
