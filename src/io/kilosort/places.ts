import { AppError } from "../../core/errors.ts";
import type { ByteSource } from "../byteSource.ts";
import { type Column, columnOf, readTable } from "../columns.ts";
import { requireIndices } from "./arrays.ts";
import { beforeCorrection, driftMotion } from "./drift.ts";
import type { SorterFolder } from "./folder.ts";
import { placesOfFeatures } from "./pcFeatures.ts";
import { kept, type Reading } from "./reading.ts";
import { readTemplatePlaces, type TemplatePlaces } from "./templates.ts";

/** Where each spike lies. */
export interface Places {
  xUm: Column;
  depthUm: Column;
  /** contact it peaks on, where what places it says so */
  channel?: Column;
  /** the templates, where those are what places it */
  templates?: TemplatePlaces;
}

/** spike_positions.npy, else pc_features.npy, else the templates. Throws AppError where none of them is there. */
export async function placesOf(reading: Reading): Promise<Places> {
  const { sorter, writer, contacts, warnings, used, template } = reading;
  const { files } = sorter.folder;
  const positions = files.get("spike_positions.npy");
  if (positions) return asRecorded(reading, await placesInFile(reading, positions));
  if (!contacts) throw noPlaces(sorter);
  const [features, list] = [files.get("pc_features.npy"), files.get("pc_feature_ind.npy")];
  // SpikeInterface's features are scaled to the same size on every channel, and some are of a few spikes only
  const areOfAll = writer !== "spikeinterface" && !files.has("pc_feature_spike_ids.npy");
  if (features && list && template && areOfAll) {
    used.push(features, list);
    const { positionsUm } = contacts.sites;
    return asRecorded(reading, await placesOfFeatures(features, list, template, positionsUm, warnings));
  }
  return placesOfTemplates(reading);
}

/** Kilosort's own positions, x and depth in µm. */
async function placesInFile(reading: Reading, source: ByteSource): Promise<Places> {
  const table = await readTable(source);
  if (table.nColumns < 2) {
    const message = `${source.path}: expected x and depth of each spike, shape (N, 2), found shape (${table.nRows}, ${table.nColumns}).`;
    throw new AppError("bad-file", message, { path: source.path });
  }
  reading.used.push(source);
  const xUm = await kept(reading, columnOf(table, 0));
  return { xUm, depthUm: await kept(reading, columnOf(table, 1)) };
}

async function placesOfTemplates({ sorter, contacts, warnings, used, template }: Reading): Promise<Places> {
  const templates = contacts ? await readTemplatePlaces(sorter.folder, contacts.sites.positionsUm, warnings) : null;
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

/**
 * Kilosort 2.5 and later take their drift off the data before they look for spikes, so what they say of a spike's place is
 * corrected. Where that drift lies beside, it is put back: depths are then as recorded, as everywhere else, and the motion
 * that opens with them takes it off again. Where it does not, it is said.
 */
async function asRecorded(
  { sorter, writer, drift, timeSec, warnings, used }: Reading,
  places: Places,
): Promise<Places> {
  const { depthUm } = places;
  const path = depthUm.path.replace(/ \(column \d\)$/, "");
  if (writer === "spikeinterface") return places;
  if (!drift) {
    warnings.push(
      `${path}: Kilosort 2.5 and later locate spikes after their own drift correction (unless it was off, nblocks = 0): what moves here is what that left.`,
    );
    return places;
  }
  const { motion, info } = await driftMotion(sorter.folder, drift, { format: "", title: "" });
  used.push(drift.dshift, drift.yblk);
  const values = beforeCorrection(timeSec.values, depthUm.values, motion);
  const [low, high] = (info.displacementRangeUm ?? [0, 0]).map((um) => Number(um.toPrecision(3)));
  warnings.push(
    `${path}: Kilosort located these spikes after its own drift correction; ${drift.dshift.path} (${low} to ${high} µm) was put back, so that depths are as recorded, and they are those of the file where its motion is taken off.`,
  );
  return { ...places, depthUm: { path: depthUm.path, values } };
}

function noPlaces({ params }: SorterFolder): AppError {
  return new AppError(
    "bad-file",
    `${params.source.path}: expected where spikes lie beside it, in spike_positions.npy, or in channel_positions.npy with pc_features.npy and pc_feature_ind.npy or with templates.npy and spike_templates.npy, found neither.`,
    { path: params.source.path },
  );
}
