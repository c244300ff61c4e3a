import { DRIFT_PARTS, openAlfDrift } from "../alf/drift.ts";
import { type AlfSet, alfSets } from "../alf/names.ts";
import { channelsSet } from "../alf/probe.ts";
import { openAlfSpikes } from "../alf/spikes.ts";
import { type Drop, folderInWords } from "../drop.ts";
import type { Claim, Reader } from "./reader.ts";

const TITLE = "IBL ALF spikes";
/** Any of these as an array says that a folder holds spikes. */
const OF_SPIKES = ["times", "samples", "depths", "amps", "clusters", "templates"].map((name) => `spikes.${name}`);
const PHY_TABLES = ["cluster_group.tsv", "cluster_KSLabel.tsv"];

/**
 * Spike sortings under the names of ALF, as the International Brain Laboratory publishes them and SpikeInterface exports them. Known by
 * their names alone, with or without namespaces, revisions, UUIDs and further parts; a folder and a further part of the name are a data set each.
 */
export const iblAlf: Reader = {
  id: "ibl-alf",
  title: TITLE,
  names: "spikes.times.npy, spikes.depths.npy and spikes.amps.npy",
  about: {
    knownBy:
      "object.attribute.npy names (spikes.times, …), with or without _namespace_, #revision# folders, UUIDs and further parts",
    reads:
      "spikes.times, .depths, .amps (V), .clusters (else .templates), .samples; clusters.channels; labels in clusters.metrics or .labels as .csv, .tsv or .npy; channels.localCoordinates and .shanks; drift.times, drift.um and drift_depths.um as a motion",
    leaves: "parquet tables, waveforms, templates, brain coordinates",
  },
  async find(drop) {
    const sets = alfSets(drop);
    return sets.flatMap((set) => [...spikesClaim(set, sets, drop), ...driftClaim(set)]);
  },
  async leftOver(drop) {
    return alfSets(drop).flatMap(({ chosen }) =>
      [...chosen].flatMap(([key, [{ path }]]) =>
        key.startsWith("spikes.") && /\.(pqt|parquet)$/i.test(path)
          ? [
              `${path} is parquet, which is not read; save spikes.times, spikes.depths and spikes.amps as .npy beside it.`,
            ]
          : [],
      ),
    );
  },
};

function spikesClaim(set: AlfSet, sets: readonly AlfSet[], drop: Drop): Claim[] {
  const isThere = OF_SPIKES.some((key) => set.chosen.get(key)?.some(({ path }) => /\.npy$/i.test(path)));
  if (!isThere) return [];
  const channels = channelsSet(set, sets);
  const beside = drop.get(set.folder)?.files ?? new Map();
  const isDrift = (path: string) => /(^|\/)(_[a-z0-9]+_)?drift(_depths)?\.[^/]*$/i.test(path);
  const files = [
    ...set.files.filter(({ path }) => !isDrift(path)),
    ...(channels === set
      ? []
      : channels.files.filter(({ path }) => /(^|\/)(_[a-z0-9]+_)?channels\.[^/]*$/i.test(path))),
    // where Kilosort's own arrays lie in the same folder, they are Kilosort's
    ...(beside.has("spike_times.npy") ? [] : PHY_TABLES.flatMap((name) => beside.get(name) ?? [])),
  ];
  const about = { format: iblAlf.id, title: TITLE };
  return [
    {
      title: TITLE,
      kind: "spikes",
      place: placeOf(set),
      files,
      open: () => openAlfSpikes(set, channels, beside, about),
    },
  ];
}

function driftClaim(set: AlfSet): Claim[] {
  const files = DRIFT_PARTS.flatMap((key) => set.chosen.get(key) ?? []);
  if (!set.chosen.has("drift.um") && !set.chosen.has("drift.times")) return [];
  const about = { format: iblAlf.id, title: "IBL ALF drift" };
  return [
    {
      title: about.title,
      kind: "motion",
      place: placeOf(set),
      files,
      open: async () => (await openAlfDrift(set, about)).data,
    },
  ];
}

function placeOf({ folder, label }: AlfSet): string {
  return label === "" ? folderInWords(folder) : `${folderInWords(folder)} (${label})`;
}
