import { AppError } from "../../core/errors.ts";
import type { OpenedDataset } from "../../protocol/datasets.ts";
import type { ByteSource } from "../byteSource.ts";
import { type Column, columnOf, readTable, requireEqualLengths } from "../columns.ts";
import { spikesDataset } from "../spikes.ts";
import { readVector, requireIndices } from "./arrays.ts";
import { type Contacts, nearestContacts, readContacts } from "./contacts.ts";
import { type SorterFolder, type Writer, writerOf } from "./folder.ts";
import { labelFiles, readLabels } from "./labels.ts";
import { rateOf } from "./params.ts";
import { placesOfFeatures } from "./pcFeatures.ts";
import { readTemplatePlaces, type TemplatePlaces } from "./templates.ts";

/** What amplitudes.npy is in; undefined for µV. */
const AMPLITUDE_UNITS: Record<Writer, string | undefined> = {
  kilosort4: "L2 norm of PC features",
  kilosort: "scale of a unit-norm template",
  spikeinterface: undefined,
};

const TITLES: Record<Writer, string> = {
  kilosort4: "Kilosort4",
  kilosort: "Kilosort / phy",
  spikeinterface: "SpikeInterface's export to phy",
};

export const titleOf = (folder: SorterFolder["folder"]) => TITLES[writerOf(folder)];

/** Everything that is known while one folder is read. */
interface Reading {
  sorter: SorterFolder;
  writer: Writer;
  contacts: Contacts | null;
  warnings: string[];
  /** files that were read */
  used: ByteSource[];
  /** [N] */
  sampleIndex: Column;
  template: Column | null;
}

/** x, depth and contact of each spike, and the templates where they were read for it. */
interface Places {
  xUm?: Column;
  depthUm: Column;
  channel?: Column;
  templates?: TemplatePlaces;
}

/**
 * The spikes of a sorter's folder. Positions are spike_positions.npy, else out of pc_features.npy, else those of the
 * templates; `channel` counts the entries of channel_positions.npy, as all of Kilosort's files do. Throws AppError.
 */
export async function openSorting(
  sorter: SorterFolder,
  format: string,
  moreWarnings: readonly string[],
): Promise<OpenedDataset> {
  const { folder, params } = sorter;
  const rateHz = rateOf(params);
  const sampleIndex = await readVector(needed(sorter, "spike_times.npy"));
  const contacts = await readContacts(folder);
  const reading: Reading = {
    sorter,
    writer: writerOf(folder),
    contacts,
    warnings: [...moreWarnings],
    used: [needed(sorter, "spike_times.npy"), params.source, ...(contacts?.files ?? [])],
    sampleIndex,
    template: null,
  };
  const template = await perSpike(reading, "spike_templates.npy");
  const unit = (await perSpike(reading, "spike_clusters.npy")) ?? template;
  reading.template = template ?? unit;
  const places = await placesOf(reading);
  const amplitude = await amplitudesOf(reading, places);
  const labels = labelFiles(folder);
  reading.used.push(...labels);
  const unitLabels = await readLabels(labels, reading.warnings);
  const shank =
    contacts && contacts.sites.nShanks > 1 && places.channel ? shankOf(contacts, places.channel) : undefined;
  sayOfChannels(reading);
  const dataset = spikesDataset({
    format,
    title: titleOf(folder),
    files: [...new Set(reading.used)],
    warnings: reading.warnings,
    timeSec: { path: sampleIndex.path, values: sampleIndex.values.map((sample) => sample / rateHz) },
    sampleIndex,
    xUm: places.xUm,
    depthUm: places.depthUm,
    channel: places.channel,
    shank,
    unit: unit ?? undefined,
    unitLabels,
    ...amplitude,
  });
  if (contacts) dataset.info.probe = contacts.sites;
  return dataset;
}

function needed({ folder, params }: SorterFolder, name: string): ByteSource {
  const source = folder.files.get(name);
  if (source) return source;
  throw new AppError("bad-file", `${params.source.path}: expected ${name} beside it, found none.`, { missing: name });
}

/** One number for each spike; null where the file is not there. Rows of spikes that were removed later are left out. */
async function perSpike(reading: Reading, name: string): Promise<Column | null> {
  const source = reading.sorter.folder.files.get(name);
  if (!source) return null;
  reading.used.push(source);
  return kept(reading, await readVector(source));
}

/**
 * kept_spikes.npy says which of the spikes first found are in spike_times.npy: a column of all of them is cut down. Throws
 * AppError where a column then has not as many rows as there are spikes.
 */
async function kept({ sorter, sampleIndex, warnings }: Reading, column: Column): Promise<Column> {
  const { path, values } = column;
  const file = sorter.folder.files.get("kept_spikes.npy");
  if (file && values.length !== sampleIndex.values.length) {
    const isKept = (await readVector(file)).values;
    const nKept = isKept.reduce((n, is) => n + Number(is !== 0), 0);
    if (isKept.length === values.length && nKept === sampleIndex.values.length) {
      warnings.push(
        `${path}: ${values.length - nKept} of ${values.length} rows were left out: ${file.path} says their spikes were removed.`,
      );
      return { path, values: values.filter((_, i) => isKept[i] !== 0) };
    }
  }
  requireEqualLengths([sampleIndex, column], "spikes");
  return column;
}

async function placesOf(reading: Reading): Promise<Places> {
  const { sorter, writer, contacts, warnings, used, template } = reading;
  const { files } = sorter.folder;
  const positions = files.get("spike_positions.npy");
  if (positions) return placesInFile(reading, positions);
  if (!contacts) throw noPlaces(sorter);
  const [features, list] = [files.get("pc_features.npy"), files.get("pc_feature_ind.npy")];
  // SpikeInterface's features are scaled to the same size on every channel, and some are of a few spikes only
  const areOfAll = writer !== "spikeinterface" && !files.has("pc_feature_spike_ids.npy");
  if (features && list && template && areOfAll) {
    used.push(features, list);
    warnings.push(correctedAlready(features.path));
    return placesOfFeatures(features, list, template, contacts.sites.positionsUm, warnings);
  }
  const templates = await readTemplatePlaces(sorter.folder, contacts.sites.positionsUm, warnings);
  if (!templates || !template) throw noPlaces(sorter);
  used.push(...templates.files);
  const { path } = templates.files[0];
  requireIndices(template, templates.nTemplates, `template numbers that ${path} knows,`);
  warnings.push(
    `${path}: every spike lies where its template lies, as there are no spike_positions.npy and no pc_features.npy to place it by; drift cannot be seen in that, except as units that come and go.`,
  );
  const ofTemplate = (values: Float64Array) => ({ path, values: template.values.map((t) => values[t]) });
  const { xUm, depthUm, channel } = templates;
  return { xUm: ofTemplate(xUm), depthUm: ofTemplate(depthUm), channel: ofTemplate(channel), templates };
}

/** Kilosort's own positions, x and depth in µm, and the contact nearest to each. */
async function placesInFile(reading: Reading, source: ByteSource): Promise<Places> {
  const { contacts, warnings, used, writer } = reading;
  const table = await readTable(source);
  if (table.nColumns < 2) {
    const message = `${source.path}: expected x and depth of each spike, shape (N, 2), found shape (${table.nRows}, ${table.nColumns}).`;
    throw new AppError("bad-file", message, { path: source.path });
  }
  used.push(source);
  if (writer === "kilosort4") warnings.push(correctedAlready(source.path));
  const xUm = await kept(reading, columnOf(table, 0));
  const depthUm = await kept(reading, columnOf(table, 1));
  if (!contacts) return { xUm, depthUm };
  const nearest = nearestContacts(xUm.values, depthUm.values, contacts.sites.positionsUm);
  return { xUm, depthUm, channel: { path: source.path, values: nearest } };
}

function correctedAlready(path: string): string {
  return `${path}: Kilosort 2.5 and later locate spikes after their own drift correction (unless it was off, nblocks = 0): what moves here is what that left, and its dshift must not be taken off again.`;
}

function noPlaces({ params }: SorterFolder): AppError {
  return new AppError(
    "bad-file",
    `${params.source.path}: expected where spikes lie beside it, in spike_positions.npy, or in channel_positions.npy with pc_features.npy and pc_feature_ind.npy or with templates.npy and spike_templates.npy, found neither.`,
    { path: params.source.path },
  );
}

/** amplitudes.npy; where there is none, how large the template of each spike is. */
async function amplitudesOf(
  reading: Reading,
  { templates }: Places,
): Promise<{ ampUv: Column; amplitudeUnit?: string }> {
  const { sorter, writer, contacts, warnings, template, used } = reading;
  const column = await perSpike(reading, "amplitudes.npy");
  if (column) {
    if (writer === "spikeinterface")
      warnings.push(`${column.path}: taken as µV, as SpikeInterface exports them of a recording whose scale it knows.`);
    return { ampUv: column, amplitudeUnit: AMPLITUDE_UNITS[writer] };
  }
  const { positionsUm } = contacts?.sites ?? { positionsUm: [] };
  const known = templates ?? (contacts ? await readTemplatePlaces(sorter.folder, positionsUm, warnings) : null);
  if (!known || !template) {
    throw new AppError(
      "bad-file",
      `${sorter.params.source.path}: expected amplitudes.npy beside it, or templates.npy and spike_templates.npy to tell how large spikes are, found neither.`,
      { missing: "amplitudes.npy" },
    );
  }
  const { path } = known.files[0];
  used.push(...known.files);
  requireIndices(template, known.nTemplates, `template numbers that ${path} knows,`);
  warnings.push(`${path}: there is no amplitudes.npy, so every spike is as large as its template, peak to peak.`);
  return {
    ampUv: { path, values: template.values.map((t) => known.amplitude[t]) },
    amplitudeUnit: "peak to peak of its template",
  };
}

function shankOf({ sites }: Contacts, channel: Column): Column {
  return { path: channel.path, values: channel.values.map((c) => sites.shank[c]) };
}

/** Numbers of channels are places in channel_positions.npy; where those are not the columns of the raw file, it is said. */
function sayOfChannels({ contacts, warnings }: Reading): void {
  const map = contacts?.channelMap;
  const first = map ? map.findIndex((column, i) => column !== i) : -1;
  if (!map || first < 0) return;
  warnings.push(
    `Channels are numbered as in channel_positions.npy; from channel ${first} on (column ${map[first]} of the raw file by channel_map.npy) that is not the column of the raw file.`,
  );
}
