import { asAppError } from "../../core/errors.ts";
import { type ByteSource, baseName, folderOf } from "../byteSource.ts";
import type { Drop } from "../drop.ts";
import type { RecordingSource } from "../recordingSource.ts";
import { channelLocationsFile } from "./channelLocations.ts";
import type { GeometryFile, GivenSites } from "./geometryFile.ts";
import { readProbeinterface } from "./probeinterface.ts";

/**
 * The same recordings, with the geometry that lies beside them. One without positions takes them from its folder, else
 * from the folders above, else from a loose file. One with positions takes them from another file only when both were
 * opened as loose files, which is how one names a file. What was taken, what does not fit and what is still missing stands
 * in the warnings. `rest`: the files that belong to no data set.
 */
export async function withGeometryBeside(rest: Drop, sources: readonly RecordingSource[]): Promise<RecordingSource[]> {
  const byFolder = new Map<string, GeometryFile[]>();
  const filesIn = async (folder: string) => {
    const known = byFolder.get(folder) ?? (await geometryFiles(rest.get(folder)?.files.values() ?? []));
    byFolder.set(folder, known);
    return known;
  };
  const out: RecordingSource[] = [];
  for (const source of sources) {
    const hasOwn = source.recording.probe.positionsUm.length > 0;
    if (!hasOwn) out.push(await fromNearest(source, filesIn));
    else if (folderOf(source.description.path) === "") out.push(takeOne(source, await filesIn("")) ?? source);
    else out.push(source);
  }
  return out;
}

/** The files among these that tell where contacts lie. Reads descriptions and headers, and channel_locations whole. */
export async function geometryFiles(sources: Iterable<ByteSource>): Promise<GeometryFile[]> {
  const found: GeometryFile[] = [];
  for (const source of sources) {
    const file = (await readProbeinterface(source)) ?? (await channelLocationsFile(source));
    if (file) found.push(file);
  }
  return found;
}

async function fromNearest(
  source: RecordingSource,
  filesIn: (folder: string) => Promise<GeometryFile[]>,
): Promise<RecordingSource> {
  const { description, geometryWords, warnings } = source;
  for (const folder of [...foldersUpwards(folderOf(description.path)), ""]) {
    const taken = takeOne(source, await filesIn(folder));
    if (taken) return taken;
  }
  const file = "a file beside it (a probeinterface .json or channel_locations.npy)";
  const expected = geometryWords === "" ? file : `${geometryWords}, or in ${file}`;
  const found = geometryWords === "" ? "none" : "none of them";
  const warning = `${description.path}: expected where the sites lie in ${expected}, found ${found}; positions are unknown.`;
  return { ...source, warnings: [...warnings, warning] };
}

/** "a/b" → "a/b", "a". */
export function foldersUpwards(folder: string): string[] {
  const parts = folder === "" ? [] : folder.split("/");
  return parts.map((_, i) => parts.slice(0, parts.length - i).join("/"));
}

/**
 * The recording with the sites of the one file that fits. Null when there is no file; with only a warning when none fits,
 * or when more than one does, for then nothing tells which.
 */
function takeOne(source: RecordingSource, files: readonly GeometryFile[]): RecordingSource | null {
  if (files.length === 0) return null;
  const tried = files.map((file) => ({ file, sites: sitesOrSentence(file, source.recording.nChannels) }));
  const fitting = tried.flatMap(({ file, sites }) => (typeof sites === "string" ? [] : [{ file, sites }]));
  const isUnknown = source.recording.probe.positionsUm.length === 0;
  const otherwise = isUnknown ? "positions are unknown" : "those of the description count";
  const namesakes = fitting.filter(({ file }) => isNamedAfter(file.source, source));
  const [chosen] = fitting.length > 1 ? namesakes : fitting;
  if (chosen && (fitting.length === 1 || namesakes.length === 1))
    return taken(source, chosen.file.source, chosen.sites);
  const warnings =
    fitting.length > 1
      ? [`Expected one geometry for ${source.description.path}, found ${fitting.length} that fit; ${otherwise}.`]
      : tried.flatMap(({ sites }) => (typeof sites === "string" ? [sites.replace(/\.$/, `; ${otherwise}.`)] : []));
  return {
    ...source,
    warnings: [...source.warnings, ...warnings],
    files: [...source.files, ...tried.map(({ file }) => file.source)],
  };
}

/** "rec.probe.json" beside "rec.dat": of several geometries in a folder it is the one of that recording. */
function isNamedAfter(file: ByteSource, { files }: RecordingSource): boolean {
  const stem = baseName(files[0].path).replace(/\.[^.]*$/, "");
  return baseName(file.path).startsWith(`${stem}.`);
}

function sitesOrSentence(file: GeometryFile, nChannels: number): GivenSites | string {
  try {
    return file.sitesFor(nChannels);
  } catch (error) {
    const expected = asAppError(error);
    if (!expected) throw error;
    return expected.message;
  }
}

function taken(source: RecordingSource, file: ByteSource, sites: GivenSites): RecordingSource {
  const { recording, description } = source;
  const { probe } = recording;
  const hadOwn = probe.positionsUm.length > 0;
  const verdict = hadOwn
    ? `was opened beside ${description.path}, so its positions stand for those of the description`
    : `says where the sites of ${description.path} lie`;
  const { nShanks, positionsUm, shank, notes } = sites;
  const model = probe.model === "unknown probe" && sites.model !== "" ? sites.model : probe.model;
  // which channels are references or dead is known to the description alone
  const connected = hadOwn ? probe.connected : sites.connected;
  return {
    ...source,
    recording: { ...recording, probe: { ...probe, model, nShanks, positionsUm, shank, connected } },
    warnings: [...source.warnings, `${file.path} ${verdict}.`, ...notes],
    files: [...source.files, file],
  };
}
