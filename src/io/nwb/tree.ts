import type { Hdf5Reading } from "../hdf5/reading.ts";

/** Where NWB keeps data; the rest of a file describes the session. */
const ROOTS = ["/acquisition", "/processing", "/analysis", "/scratch"];
/** Deeper than any file is, and more than any has: links of a damaged file may lead in circles. */
const MAX_DEPTH = 6;
const MAX_GROUPS = 5000;

/** One object of an NWB file. */
export interface NwbObject {
  path: string;
  /** as NWB names its type, e.g. "ElectricalSeries" */
  type: string;
  /** the type of the group it lies in, e.g. "LFP"; "" at the top */
  within: string;
}

/** The version a file gives itself, e.g. "2.5.0"; null for an HDF5 file that is no NWB. */
export function nwbVersion(reading: Hdf5Reading): string | null {
  const [type, version] = [reading.attribute("/", "neurodata_type"), reading.attribute("/", "nwb_version")];
  if (typeof version === "string") return version;
  return type === "NWBFile" ? "" : null;
}

/** Every object with a type in the places where data lie, and the table of units; one that is linked from two places once. */
export function nwbObjects(reading: Hdf5Reading): NwbObject[] {
  const found: NwbObject[] = [];
  const known = new Set<string>();
  let nGroups = 0;
  const walk = (path: string, within: string, depth: number) => {
    if (nGroups++ >= MAX_GROUPS || reading.kindOf(path) !== "group") return;
    const [type, id] = [textOf(reading, path, "neurodata_type"), textOf(reading, path, "object_id")];
    if (id !== "" && known.has(id)) return;
    known.add(id);
    if (type !== "") found.push({ path, type, within });
    if (isLeaf(type) || depth >= MAX_DEPTH) return;
    for (const name of reading.names(path)) walk(`${path}/${name}`, type, depth + 1);
  };
  for (const root of ROOTS) walk(root, "", 0);
  if (reading.kindOf("/units") === "group") found.push({ path: "/units", type: "Units", within: "" });
  return found;
}

function textOf(reading: Hdf5Reading, path: string, name: string): string {
  const text = reading.attribute(path, name);
  return typeof text === "string" ? text : "";
}

/** Tables and series hold arrays, and nothing that is looked for. */
function isLeaf(type: string): boolean {
  return /Series$|Table$|^Units$|^TimeIntervals$/.test(type);
}
