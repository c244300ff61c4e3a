import { AppError } from "../../core/errors.ts";
import type { ProbeSites } from "../../core/types.ts";
import { type WiredProbe, wiredProbes } from "../geometry/probeinterface.ts";

/** Neural channels of one probe of a recording, ascending, and where they lie. */
export interface ProbePart {
  channels: number[];
  probe: ProbeSites;
}

/** What a folder says of where its channels lie. */
export interface SavedGeometry {
  /** the file, or the file and key, for messages */
  path: string;
  /** list of probeinterface's probes; undefined when there is none */
  probes?: unknown;
  /** [channels] µm, of the property "location" */
  locationUm?: [xUm: number, yUm: number][] | null;
  /** [channels] of the property "group" */
  group?: readonly number[] | null;
}

const UNKNOWN: Omit<ProbeSites, "positionsUm" | "shank" | "connected"> = {
  model: "unknown probe",
  partNumber: "",
  nShanks: 1,
};

/**
 * The channels of each probe and where they lie: by the probe group, else by the property "location" (one probe, or one for
 * each group where two groups share a location). Channel i of the recording is the contact of the i-th lowest wired channel
 * number, as SpikeInterface orders them. Where nothing fits, all channels are of one probe without positions, and a warning
 * says why.
 */
export function probeParts(nChannels: number, geometry: SavedGeometry, warnings: string[]): ProbePart[] {
  const { path, probes, locationUm, group } = geometry;
  if (probes !== undefined && probes !== null) {
    const outcome = fromProbes(path, nChannels, probes);
    if (Array.isArray(outcome)) {
      warnings.push(...outcome.flatMap(({ notes }) => notes));
      return outcome.map(({ channels, probe }) => ({ channels, probe }));
    }
    warnings.push(outcome);
  }
  const all = Array.from({ length: nChannels }, (_, c) => c);
  if (!locationUm) return [{ channels: all, probe: { ...UNKNOWN, positionsUm: [], shank: [], connected: [] } }];
  const places = new Set(locationUm.map(([x, y]) => `${x} ${y}`));
  const groups = group && places.size < nChannels ? [...new Set(group)].sort((a, b) => a - b) : [];
  if (groups.length < 2) return [locatedPart(all, locationUm)];
  return groups.map((one) =>
    locatedPart(
      all.filter((c) => group?.[c] === one),
      locationUm,
    ),
  );
}

function locatedPart(channels: number[], locationUm: readonly [number, number][]): ProbePart {
  const positionsUm = channels.map((c): [number, number] => [...locationUm[c]]);
  const probe = { ...UNKNOWN, positionsUm, shank: channels.map(() => 0), connected: channels.map(() => true) };
  return { channels, probe };
}

/** The parts, or a sentence why there are none. */
function fromProbes(path: string, nChannels: number, probes: unknown): (ProbePart & { notes: string[] })[] | string {
  let found: WiredProbe[];
  try {
    found = wiredProbes(path, probes);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.message.replace(/\.$/, "; positions are unknown.");
  }
  const wired = found.flatMap(({ channels }) => channels).sort((a, b) => a - b);
  if (wired.length !== nChannels) {
    return `${path}: expected ${nChannels} connected contacts, one for each channel, found ${wired.length}; positions are unknown.`;
  }
  const places = new Map(wired.map((channel, i) => [channel, i]));
  if (places.size < nChannels) {
    return `${path}: expected each channel once in device_channel_indices, found one of them twice; positions are unknown.`;
  }
  return found.map(({ sites, channels }) => {
    const { model, nShanks, positionsUm, shank, notes } = sites;
    const probe = { ...UNKNOWN, nShanks, positionsUm, shank, connected: positionsUm.map(() => true) };
    return {
      channels: channels.map((channel) => places.get(channel) ?? 0),
      probe: model === "" ? probe : { ...probe, model },
      notes,
    };
  });
}
