import { AppError } from "../../core/errors.ts";
import type { ProbeSites } from "../../core/types.ts";
import { textFile, type WrittenFile } from "./file.ts";

/** The version of the format whose keys these are; readers do not look at it. */
const FORMAT_VERSION = "0.3.2";
const ULTRA_CONTACT_UM = 5;
const NEUROPIXELS_CONTACT_UM = 12;

/**
 * The contacts of a probe as SpikeInterface/probeinterface keeps them (schema/probe.json.schema there; Probe.from_dict also wants
 * contact_plane_axes): contact i is channel i of the recording, also where it is a reference or dead, which stands in the annotation `connected` of
 * each contact. Neuropixels have square contacts of 12 µm, Ultra of 5 µm; of other probes the size is unknown and a circle of 1 µm radius stands
 * for a point. Throws AppError where nobody says where the contacts lie.
 */
export function probeinterfaceFile(path: string, name: string, probe: ProbeSites): WrittenFile {
  const { model, partNumber, positionsUm, shank, connected } = probe;
  if (positionsUm.length === 0) {
    const message = `${name}: expected a probe whose contacts are known, found none; open a probeinterface .json or channel_locations.npy beside it.`;
    throw new AppError("bad-data", message, { name });
  }
  const shape = contactShape(probe);
  const described = {
    ndim: 2,
    si_units: "um",
    annotations: { model_name: partNumber || model, manufacturer: isImec(probe) ? "imec" : "", description: model },
    contact_annotations: connected.every(Boolean) ? {} : { connected },
    contact_positions: positionsUm,
    contact_plane_axes: positionsUm.map(() => [
      [1, 0],
      [0, 1],
    ]),
    contact_shapes: positionsUm.map(() => shape.name),
    contact_shape_params: positionsUm.map(() => shape.params),
    contact_ids: positionsUm.map((_, i) => String(i)),
    shank_ids: positionsUm.map((_, i) => String(shank[i] ?? 0)),
    device_channel_indices: positionsUm.map((_, i) => i),
  };
  const file = { specification: "probeinterface", version: FORMAT_VERSION, probes: [described] };
  return textFile(path, `${JSON.stringify(file, null, 1)}\n`);
}

function contactShape(probe: ProbeSites): { name: string; params: object } {
  if (!isImec(probe)) return { name: "circle", params: { radius: 1 } };
  const width = /ultra/i.test(probe.model) ? ULTRA_CONTACT_UM : NEUROPIXELS_CONTACT_UM;
  return { name: "square", params: { width } };
}

function isImec({ model, partNumber }: ProbeSites): boolean {
  return /neuropixels/i.test(model) || /^(NP|PRB)/i.test(partNumber);
}

/** How many contacts lie where another one lies: probeinterface refuses such a probe. */
export function nSharedPlaces({ positionsUm }: ProbeSites): number {
  return positionsUm.length - new Set(positionsUm.map(([x, y]) => `${x} ${y}`)).size;
}
