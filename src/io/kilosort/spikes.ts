import { AppError } from "../../core/errors.ts";
import { nearestContacts } from "../../core/nearestContacts.ts";
import type { OpenedDataset } from "../../protocol/datasets.ts";
import type { Column } from "../columns.ts";
import { type RawSpikes, spikesDataset } from "../spikes.ts";
import { requireIndices } from "./arrays.ts";
import type { Contacts } from "./contacts.ts";
import type { DriftFiles } from "./drift.ts";
import { type SorterFolder, type Writer, writerOf } from "./folder.ts";
import { labelFiles, readLabels } from "./labels.ts";
import { type Places, placesOf } from "./places.ts";
import { beginReading, perSpike, type Reading } from "./reading.ts";
import { readTemplatePlaces } from "./templates.ts";

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

type Columns = Pick<RawSpikes, "timeSec" | "sampleIndex" | "depthUm" | "ampUv" | "channel" | "unit"> & { xUm: Column };

/**
 * The spikes of a sorter's folder. Positions are spike_positions.npy, else out of pc_features.npy, else those of the
 * templates. `channel` counts the entries of channel_positions.npy, as all of Kilosort's files do; where another reader has
 * the raw file, it counts that one's columns. `drift` is what Kilosort took off the positions, where it is there: it is put
 * back. Throws AppError.
 */
export async function openSorting(
  sorter: SorterFolder,
  format: string,
  { warnings, drift, hasRecording }: { warnings: readonly string[]; drift: DriftFiles | null; hasRecording: boolean },
): Promise<OpenedDataset> {
  const reading = await beginReading(sorter, warnings, drift);
  const { contacts, used, timeSec, sampleIndex, unit } = reading;
  const places = await placesOf(reading);
  const { ampUv, amplitudeUnit } = await amplitudesOf(reading, places);
  const unitLabels = await labelsOf(reading);
  const { xUm, depthUm, channel } = places;
  const columns = placed({ timeSec, sampleIndex, xUm, depthUm, ampUv, channel, unit: unit ?? undefined }, reading);
  if (contacts) columns.channel ??= nearestTo(columns, contacts);
  const shank = shankOf(columns, contacts);
  const isOwn = !(hasRecording && countColumns(columns, reading));
  if (isOwn) sayOfChannels(reading);
  const dataset = spikesDataset({
    format,
    title: titleOf(sorter.folder),
    files: [...new Set(used)],
    warnings: reading.warnings,
    ...columns,
    shank,
    unitLabels,
    amplitudeUnit,
  });
  if (contacts && isOwn) dataset.info.probe = contacts.sites;
  return dataset;
}

/** Without the spikes that have no position: Kilosort4 gives NaN to those without any feature. All of them stay where none has one. */
function placed(columns: Columns, { warnings }: Reading): Columns {
  const { xUm, depthUm } = columns;
  const rows = Uint32Array.from(depthUm.values.keys()).filter((i) =>
    Number.isFinite(xUm.values[i] + depthUm.values[i]),
  );
  const nAll = depthUm.values.length;
  if (rows.length === nAll || rows.length === 0) return columns;
  const path = depthUm.path.replace(/ \(column \d\)$/, "");
  warnings.push(`${path}: ${nAll - rows.length} of ${nAll} spikes have no position (NaN) and were left out.`);
  const of = ({ path: from, values }: Column) => ({ path: from, values: Float64Array.from(rows, (i) => values[i]) });
  const { timeSec, sampleIndex, ampUv, channel, unit } = columns;
  return {
    timeSec: of(timeSec),
    sampleIndex: sampleIndex && of(sampleIndex),
    xUm: of(xUm),
    depthUm: of(depthUm),
    ampUv: of(ampUv),
    channel: channel && of(channel),
    unit: unit && of(unit),
  };
}

function nearestTo({ xUm, depthUm }: Columns, { sites }: Contacts): Column {
  return {
    path: depthUm.path,
    values: Float64Array.from(nearestContacts(depthUm.values, xUm.values, sites.positionsUm)),
  };
}

function shankOf({ channel }: Columns, contacts: Contacts | null): Column | undefined {
  if (!contacts || contacts.sites.nShanks < 2 || !channel) return undefined;
  return { path: channel.path, values: channel.values.map((c) => contacts.sites.shank[c]) };
}

async function labelsOf({ sorter, used, warnings }: Reading): Promise<Map<number, string>> {
  const files = labelFiles(sorter.folder);
  used.push(...files);
  return readLabels(files, warnings);
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

/** Number channels by the columns of a raw file that is there, whose own description has its contacts; false where they are the same. */
function countColumns(columns: Columns, { contacts, warnings }: Reading): boolean {
  const map = contacts?.channelMap;
  const { channel } = columns;
  if (!map || !channel || map.every((column, i) => column === i)) return false;
  columns.channel = { path: channel.path, values: channel.values.map((c) => map[c]) };
  warnings.push(
    "Channels are numbered by the columns of the raw file, as channel_map.npy says, and its description tells where their contacts lie.",
  );
  return true;
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
