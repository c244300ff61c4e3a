import { AppError } from "../../core/errors.ts";
import type { OpenedDataset } from "../../protocol/datasets.ts";
import { MOTION_EDITS_FILE } from "../../protocol/motionEdits.ts";
import { MOTION_NOTE_FILE } from "../../protocol/motions.ts";
import { type ByteSource, readJsonObject } from "../byteSource.ts";
import { type Drop, type Folder, folderInWords } from "../drop.ts";
import { readMotionNote } from "../motionNote.ts";
import { datasetOfMotion, type MotionFiles, motionDataset } from "../motions.ts";
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
 * SpikeInterface's Motion folder as Motion.save writes it, and the three legacy arrays before it. One segment, along y.
 * Folders X-shank0, X-shank1, … beside a folder X are the motions of the shanks whose mean is X.
 */
export const spikeinterfaceMotion: Reader = {
  id: "spikeinterface-motion",
  title: "SpikeInterface motion",
  about: {
    knownBy:
      "spikeinterface_info.json with object Motion, or the three arrays of it or of the older motion_info, by name",
    reads: "displacement along y of one segment, folders of shanks, lateral displacement",
    leaves: "other directions, several segments; interpolation is linear",
  },
  async find(drop) {
    const found = await Promise.all([...drop.values()].map((folder) => findInFolder(folder)));
    return withShanks(found.flat()).map(({ folder, files, shanks }) => ({
      title: files.title,
      kind: "motion" as const,
      place: folderInWords(folder.path),
      files: [...[files, ...shanks].flatMap(filesOf), ...kilosortCopies(drop, folder.path)],
      open: () => openWithShanks(files, shanks),
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
  files: MotionFiles;
}

function filesOf({ displacement, timeBins, depthBins, lateral, alsoThere = [] }: MotionFiles): ByteSource[] {
  return [displacement, timeBins, depthBins, ...(lateral ? [lateral] : []), ...alsoThere];
}

/** Motions of shanks go to the mean beside them; those that have none stand for themselves. */
function withShanks(found: readonly Found[]): (Found & { shanks: MotionFiles[] })[] {
  const byPath = new Map(found.map((one) => [one.folder.path, one]));
  const shanksOf = (path: string) => {
    const shanks: MotionFiles[] = [];
    for (let next = byPath.get(`${path}-shank0`); next; next = byPath.get(`${path}-shank${shanks.length}`))
      shanks.push(next.files);
    return shanks;
  };
  const all = found.map((one) => ({ ...one, shanks: shanksOf(one.folder.path) }));
  const taken = new Set(all.flatMap(({ shanks }) => shanks));
  return all.filter(({ files }) => !taken.has(files));
}

async function openWithShanks(files: MotionFiles, shanks: readonly MotionFiles[]): Promise<OpenedDataset> {
  if (shanks.length === 0) return motionDataset(files);
  const { motion, info } = await motionDataset(files);
  const byShank = await Promise.all(shanks.map(motionDataset));
  const all = [files, ...shanks].flatMap(filesOf);
  const warnings = [...info.warnings, ...byShank.flatMap((one) => one.info.warnings)];
  return datasetOfMotion({ ...motion, byShank: byShank.map((one) => one.motion) }, { ...info, warnings }, all);
}

async function findInFolder(folder: Folder): Promise<Found[]> {
  const info = await motionInfo(folder);
  const isLegacy = !info && folder.files.has("temporal_bins.npy") && folder.files.has("spatial_bins.npy");
  if (!info && !isLegacy && !NAMES.every((name) => folder.files.has(name))) return [];
  const { id: format, title } = spikeinterfaceMotion;
  const [displacement, timeBins, depthBins] = requireSiblings(folder, isLegacy ? LEGACY_NAMES : NAMES, title);
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
  return [{ folder, files }];
}

/** The description of a Motion folder, by its content; null when no JSON of the folder is one. */
async function motionInfo(folder: Folder): Promise<{ source: ByteSource; warnings: string[] } | null> {
  const source = folder.files.get("spikeinterface_info.json");
  if (!source) return null;
  const info = await readJsonObject(source);
  if (info.object !== "Motion") return null;
  const { path } = source;
  if (info.num_segments !== undefined && info.num_segments !== 1) {
    throw new AppError(
      "bad-data",
      `${path}: expected a motion of 1 segment, found ${JSON.stringify(info.num_segments)}; save each segment on its own.`,
      { path },
    );
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
  return { source, warnings };
}
