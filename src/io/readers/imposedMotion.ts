import { AppError } from "../../core/errors.ts";
import type { OpenedDataset } from "../../protocol/datasets.ts";
import { type ByteSource, baseName } from "../byteSource.ts";
import { type Column, requireEqualLengths, requireFinite } from "../columns.ts";
import { type Folder, folderInWords } from "../drop.ts";
import { checkBins, datasetOfMotion } from "../motions.ts";
import { readNpyHeader, shapeInWords } from "../npy/header.ts";
import { readNpyRows } from "../npy/rows.ts";
import type { Claim, Reader } from "./reader.ts";
import { requireSiblings } from "./reader.ts";

const POSITIONS = "manip.positions.npy";
const TIMES = /^manip\.timestamps_(\w+)\.npy$/;

/**
 * Motion that a manipulator imposed on the probe, as the data sets with a known zigzag state it: `manip.positions.npy` in µm
 * and, for every probe, `manip.timestamps_<probe>.npy` in s of its recording. These are waypoints between which the stage ramps:
 * they are read as the centres of a rigid motion, so that lookup is linear between them and flat outside.
 */
export const imposedMotion: Reader = {
  id: "imposed-motion",
  title: "Imposed motion",
  about: {
    knownBy: "manip.positions.npy and manip.timestamps_*.npy by name",
    reads: "waypoints of each probe as a rigid motion, linear between them",
    leaves: "",
  },
  async find(drop) {
    return [...drop.values()].flatMap(claimsIn);
  },
};

/** One motion for every probe whose times are there. */
function claimsIn(folder: Folder): Claim[] {
  const times = [...folder.files.values()].filter(({ path }) => TIMES.test(baseName(path)));
  if (times.length === 0 && !folder.files.has(POSITIONS)) return [];
  const needed = [POSITIONS, ...(times.length === 0 ? ["manip.timestamps_p1.npy"] : [])];
  const [positions] = requireSiblings(folder, needed, imposedMotion.title);
  return times.map((time) => {
    const probe = TIMES.exec(baseName(time.path))?.[1] ?? "";
    const title = times.length === 1 ? imposedMotion.title : `${imposedMotion.title} (${probe})`;
    return {
      title,
      kind: "motion",
      place: folderInWords(folder.path),
      files: [positions, time],
      open: () => openWaypoints(title, positions, time),
    };
  });
}

async function openWaypoints(title: string, positions: ByteSource, times: ByteSource): Promise<OpenedDataset> {
  const [displacement, time] = [await readFlat(positions), await readFlat(times)];
  requireEqualLengths([displacement, time], "waypoints");
  requireFinite(displacement);
  checkBins(time);
  const motion = {
    displacementUm: displacement.values,
    timeBinCentersSec: time.values,
    depthBinCentersUm: new Float64Array(1),
  };
  return datasetOfMotion(motion, { format: imposedMotion.id, title, warnings: [] }, [positions, times]);
}

/** One number per waypoint, in a row or in a column. */
async function readFlat(source: ByteSource): Promise<Column> {
  const header = await readNpyHeader(source);
  const { path } = source;
  const longer = header.shape.filter((n) => n !== 1);
  if (header.shape.length === 0 || header.shape.length > 2 || longer.length > 1) {
    throw new AppError(
      "bad-file",
      `${path}: expected one number per waypoint, shape (N,), (N, 1) or (1, N), found shape ${shapeInWords(header.shape)}.`,
      { path, shape: header.shape },
    );
  }
  return { path, values: await readNpyRows(source, header, 0, header.shape[0]) };
}
