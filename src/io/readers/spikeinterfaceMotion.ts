import { AppError } from "../../core/errors.ts";
import type { OpenedDataset } from "../../protocol/datasets.ts";
import { MOTION_EDITS_FILE } from "../../protocol/motionEdits.ts";
import { MOTION_NOTE_FILE } from "../../protocol/motions.ts";
import { type ByteSource, folderOf, readJsonObject } from "../byteSource.ts";
import { type Drop, type Folder, fileBelow, folderInWords } from "../drop.ts";
import { readMotionNote } from "../motionNote.ts";
import { datasetOfMotion, type MotionFiles } from "../motions.ts";
import { openSegments, type SegmentFiles } from "../spikeinterface/segmentMotion.ts";
import { type Reader, requireSiblings } from "./reader.ts";

const NAMES = ["displacement_seg0.npy", "temporal_bins_s_seg0.npy", "spatial_bins_um.npy"];
const LEGACY_NAMES = ["motion.npy", "temporal_bins.npy", "spatial_bins.npy"];
/** What our run directory keeps beside it: the same motion once more (MEDiCINe's own files, a table), and how it was edited. */
const OWN_NAMES = [
  "motion.npy",
  "time_bins.npy",
  "depth_bins.npy",
  "medicine_parameters.json",
  "motion.csv",
  MOTION_EDITS_FILE,
];

/**
 * SpikeInterface's Motion folder as Motion.save writes it, and the arrays before it (0.98 to 0.100: temporal_bins.npy, motion.npy and, unless
 * rigid, spatial_bins.npy). Along y; several segments where their bins tell how they lie in time. Folders X-shank0, X-shank1, … beside a folder X are
 * the motions of the shanks whose mean is X.
 */
export const spikeinterfaceMotion: Reader = {
  id: "spikeinterface-motion",
  title: "SpikeInterface motion",
  about: {
    knownBy:
      "spikeinterface_info.json with object Motion, or the three arrays of it or of the older motion_info, by name",
    reads:
      "displacement along y, of several segments where something tells how they lie in time, folders of shanks, lateral displacement",
    leaves: "other directions; interpolation is linear",
  },
  async find(drop, all = drop) {
    const found = await Promise.all([...drop.values()].map((folder) => findInFolder(all, folder)));
    return withShanks(found.flat()).map(({ folder, one, shanks }) => ({
      title: one.files.title,
      kind: "motion" as const,
      place: folderInWords(folder.path),
      files: [...[one, ...shanks].flatMap(filesOf), ...kilosortCopies(drop, folder.path)],
      open: () => openWithShanks(one, shanks),
    }));
  },
};

/** The same motion once more for Kilosort, as our run directory keeps it in kilosort/ beside motion/; also those of shanks. */
function kilosortCopies(drop: Drop, path: string): ByteSource[] {
  const copy = path.replace(/(^|\/)motion\/([^/]+)$/, "$1kilosort/$2");
  if (copy === path) return [];
  const folders = [...drop.values()].filter((one) => one.path === copy || one.path.startsWith(`${copy}-shank`));
  return folders.flatMap(({ files }) => [...files.values()]);
}

interface Found {
  folder: Folder;
  one: SegmentFiles;
}

function filesOf({ files, others }: SegmentFiles): ByteSource[] {
  const { displacement, timeBins, depthBins, lateral, alsoThere = [] } = files;
  const optional = [depthBins, lateral].flatMap((source) => source ?? []);
  const further = others.flatMap((other) => [other.displacement, other.timeBins]);
  return [displacement, timeBins, ...optional, ...further, ...alsoThere];
}

/** Motions of shanks go to the mean beside them; those that have none stand for themselves. */
function withShanks(found: readonly Found[]): (Found & { shanks: SegmentFiles[] })[] {
  const byPath = new Map(found.map((one) => [one.folder.path, one]));
  const shanksOf = (path: string) => {
    const shanks: SegmentFiles[] = [];
    for (let next = byPath.get(`${path}-shank0`); next; next = byPath.get(`${path}-shank${shanks.length}`))
      shanks.push(next.one);
    return shanks;
  };
  const all = found.map((one) => ({ ...one, shanks: shanksOf(one.folder.path) }));
  const taken = new Set(all.flatMap(({ shanks }) => shanks));
  return all.filter(({ one }) => !taken.has(one));
}

async function openWithShanks(one: SegmentFiles, shanks: readonly SegmentFiles[]): Promise<OpenedDataset> {
  if (shanks.length === 0) return openSegments(one);
  const { motion, info } = await openSegments(one);
  const byShank = await Promise.all(shanks.map(openSegments));
  const all = [one, ...shanks].flatMap(filesOf);
  const warnings = [...info.warnings, ...byShank.flatMap((shank) => shank.info.warnings)];
  return datasetOfMotion({ ...motion, byShank: byShank.map((shank) => shank.motion) }, { ...info, warnings }, all);
}

async function findInFolder(all: Drop, folder: Folder): Promise<Found[]> {
  const info = await motionInfo(folder);
  const isLegacy = !info && folder.files.has("temporal_bins.npy") && folder.files.has(LEGACY_NAMES[0]);
  const lacksOne = !info && folder.files.has("temporal_bins.npy") && folder.files.has("spatial_bins.npy");
  if (!info && !isLegacy && !lacksOne && !NAMES.every((name) => folder.files.has(name))) return [];
  const { id: format, title } = spikeinterfaceMotion;
  const [displacement, timeBins, depthBins] =
    isLegacy || lacksOne ? legacyFiles(folder) : requireSiblings(folder, NAMES, title);
  const lateral = folder.files.get("lateral_um.npy");
  const copies = isLegacy ? [] : OWN_NAMES.flatMap((name) => folder.files.get(name) ?? []);
  const edits = folder.files.get(MOTION_EDITS_FILE);
  const noteSource = folder.files.get(MOTION_NOTE_FILE);
  const { note, warnings } = noteSource ? await readMotionNote(noteSource, edits) : { warnings: [] };
  const alsoThere = [...(info ? [info.source] : []), ...copies, ...(noteSource ? [noteSource] : [])];
  const files: MotionFiles = {
    format,
    title,
    warnings: [...(info?.warnings ?? []), ...warnings],
    ...(note ? { note } : {}),
    displacement,
    timeBins,
    depthBins,
    lateral,
    alsoThere,
    timeBinsAre: "centres",
  };
  const nSegments = info?.nSegments ?? 1;
  const around = motionInfoAround(all, folder, isLegacy);
  const one = { files, others: otherSegments(folder, nSegments), nSegments, info: info?.source ?? null, ...around };
  if (around.parameters && !around.peaks)
    alsoThere.push(around.parameters, ...(around.runTimes ? [around.runTimes] : []));
  return [{ folder, one }];
}

/** The three arrays; a rigid motion was saved without depths. */
function legacyFiles({ files, path }: Folder): ByteSource[] {
  const names = files.has(LEGACY_NAMES[2]) ? LEGACY_NAMES : LEGACY_NAMES.slice(0, 2);
  return requireSiblings({ files, path }, names, spikeinterfaceMotion.title);
}

/** Displacement and time bins of the segments after the first, as far as both are there. */
function otherSegments({ files }: Folder, nSegments: number): SegmentFiles["others"] {
  const others: { displacement: ByteSource; timeBins: ByteSource }[] = [];
  for (let s = 1; s < nSegments; s++) {
    const displacement = files.get(`displacement_seg${s}.npy`);
    const timeBins = files.get(`temporal_bins_s_seg${s}.npy`);
    if (!displacement || !timeBins) break;
    others.push({ displacement, timeBins });
  }
  return others;
}

/** What the motion_info folder around a motion says: the motion lies in motion/ of it, in older ones beside its files. */
function motionInfoAround(
  all: Drop,
  { path }: Folder,
  isLegacy: boolean,
): Partial<Record<"parameters" | "runTimes" | "peaks", ByteSource>> {
  if (!isLegacy && !/(^|\/)motion(-shank\d+)?$/.test(path)) return {};
  const around = isLegacy ? path : folderOf(path);
  const [parameters, runTimes, peaks] = ["parameters.json", "run_times.json", "peaks.npy"].map((name) =>
    fileBelow(all, around, name),
  );
  return { ...(parameters ? { parameters } : {}), ...(runTimes ? { runTimes } : {}), ...(peaks ? { peaks } : {}) };
}

/** The description of a Motion folder, by its content; null when no JSON of the folder is one. */
async function motionInfo(
  folder: Folder,
): Promise<{ source: ByteSource; warnings: string[]; nSegments: number } | null> {
  const source = folder.files.get("spikeinterface_info.json");
  if (!source) return null;
  const info = await readJsonObject(source);
  if (info.object !== "Motion") return null;
  const { path } = source;
  const nSegments = info.num_segments ?? 1;
  if (typeof nSegments !== "number" || !Number.isSafeInteger(nSegments) || nSegments < 1) {
    throw new AppError("bad-data", `${path}: expected a number of segments, found ${JSON.stringify(nSegments)}.`, {
      path,
    });
  }
  if (info.direction !== undefined && info.direction !== "y") {
    throw new AppError("bad-data", `${path}: expected a motion along "y", found ${JSON.stringify(info.direction)}.`, {
      path,
    });
  }
  const method = info.interpolation_method ?? "linear";
  const warnings =
    method === "linear"
      ? []
      : [`${path}: asks for ${JSON.stringify(method)} interpolation between bins; linear is used here.`];
  return { source, warnings, nSegments };
}
