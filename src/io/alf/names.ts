import type { ByteSource } from "../byteSource.ts";
import { baseName } from "../byteSource.ts";
import type { Drop } from "../drop.ts";

/** A file name of ALF: [_namespace_]object.attribute[_timescale][.extra…].extension, as the Open Neurophysiology Environment states it. */
export interface AlfName {
  object: string;
  /** with its time scale, e.g. "times" or "times_bpod" */
  attribute: string;
  /** extra parts without UUIDs, joined with dots: tells data sets of one folder apart, e.g. "probe_00" */
  label: string;
  extension: string;
}

const NAMESPACE = /^_[a-z0-9]+_(?=[a-z])/i;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const REVISION = /(^|\/)#([^#/]+)#$/;
/** What one reads most readily first; tables of other programs are only named. */
const EXTENSIONS = ["npy", "csv", "tsv", "pqt", "parquet"];
const OBJECTS = new Set(["spikes", "clusters", "templates", "channels", "drift", "drift_depths"]);

/** The parts of a name; null when it is none of ALF, or of an object or an extension that says nothing of spikes. */
export function parseAlfName(name: string): AlfName | null {
  const [first, attribute, ...rest] = name.split(".");
  const extension = rest.pop()?.toLowerCase();
  const object = first.replace(NAMESPACE, "");
  if (extension === undefined || !attribute || !OBJECTS.has(object) || !EXTENSIONS.includes(extension)) return null;
  return { object, attribute, label: rest.filter((part) => !UUID.test(part)).join("."), extension };
}

/** One data set: the files of a folder and of its revisions that carry the same extra parts in their names. */
export interface AlfSet {
  /** folder without revisions, e.g. "alf/probe00" */
  folder: string;
  label: string;
  /** by "object.attribute": of the newest revision, in the most readable form; more than one where nothing tells them apart */
  chosen: Map<string, ByteSource[]>;
  /** every file, also of older revisions */
  files: ByteSource[];
  /** by "object.attribute", a sentence where older revisions were passed over */
  passedOver: Map<string, string>;
}

interface Candidate {
  source: ByteSource;
  name: AlfName;
  /** "" for none, which is older than any */
  revision: string;
}

/** All ALF data sets of a drop, in its order. Reads nothing. */
export function alfSets(drop: Drop): AlfSet[] {
  const groups = new Map<string, { folder: string; label: string; all: Candidate[] }>();
  for (const { path, files } of drop.values()) {
    const revision = REVISION.exec(path)?.[2] ?? "";
    const folder = path.replace(REVISION, "");
    for (const source of files.values()) {
      const name = parseAlfName(baseName(source.path));
      if (!name) continue;
      const key = JSON.stringify([folder, name.label]);
      const group = groups.get(key) ?? { folder, label: name.label, all: [] };
      group.all.push({ source, name, revision });
      groups.set(key, group);
    }
  }
  return [...groups.values()].map(({ folder, label, all }) => {
    return { folder, label, ...newestOf(all), files: all.map(({ source }) => source) };
  });
}

function newestOf(all: readonly Candidate[]): Pick<AlfSet, "chosen" | "passedOver"> {
  const byKey = new Map<string, Candidate[]>();
  for (const one of all) {
    const key = `${one.name.object}.${one.name.attribute}`;
    byKey.set(key, [...(byKey.get(key) ?? []), one]);
  }
  const chosen = new Map<string, ByteSource[]>();
  const passedOver = new Map<string, string>();
  for (const [key, candidates] of byKey) {
    const newest = candidates.reduce((last, { revision }) => (isNewer(revision, last) ? revision : last), "");
    const ofIt = candidates.filter(({ revision }) => revision === newest);
    const rank = (one: Candidate) => EXTENSIONS.indexOf(one.name.extension);
    const best = Math.min(...ofIt.map(rank));
    const taken = ofIt.filter((one) => rank(one) === best).map(({ source }) => source);
    chosen.set(key, taken);
    const older = candidates.filter(({ revision }) => revision !== newest).map(({ source }) => source.path);
    if (older.length > 0)
      passedOver.set(key, `${taken[0].path} is the newest revision and was taken; ${older.join(", ")} was not read.`);
  }
  return { chosen, passedOver };
}

/** Revisions sort as text, as the Open Neurophysiology Environment sorts them; most are dates. */
function isNewer(revision: string, than: string): boolean {
  return revision.toLowerCase() > than.toLowerCase();
}
