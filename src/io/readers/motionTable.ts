import { AppError } from "../../core/errors.ts";
import type { ByteSource } from "../byteSource.ts";
import { requireFinite } from "../columns.ts";
import { folderInWords } from "../drop.ts";
import { checkBins, datasetOfMotion, type MotionDataset } from "../motions.ts";
import { depthColumn, lateralColumn } from "../write/motionTable.ts";
import type { Claim, Reader } from "./reader.ts";

const HEADER_START = `time_s,${depthColumn}`;
const MAX_BYTES = 256 * 1024 * 1024; // a day in steps of a second at 100 depths takes 150 MB

/** A motion as a table: time_s, displacement_um_at_<depth> …, and lateral_um if known (write/motionTable.ts). */
export const motionTable: Reader = {
  id: "motion-table",
  title: "Motion table",
  about: {
    knownBy: "a .csv that begins with time_s,displacement_um_at_",
    reads: "displacement at each depth, lateral displacement",
    leaves: "",
  },
  async find(drop) {
    const claims: Claim[] = [];
    for (const folder of drop.values()) {
      for (const source of folder.files.values()) {
        if (!(await isTable(source))) continue;
        const { title } = motionTable;
        const place = folderInWords(folder.path);
        claims.push({ title, kind: "motion", place, files: [source], open: () => openTable(source) });
      }
    }
    return claims;
  },
};

async function isTable(source: ByteSource): Promise<boolean> {
  if (!/\.csv$/i.test(source.path) || source.size < HEADER_START.length) return false;
  return new TextDecoder().decode(await source.read(0, HEADER_START.length)) === HEADER_START;
}

async function openTable(source: ByteSource): Promise<MotionDataset> {
  const { path, size } = source;
  if (size > MAX_BYTES)
    throw new AppError("bad-file", `${path}: expected a table of at most 256 MiB, found ${size} bytes.`, { path });
  const text = new TextDecoder().decode(await source.read(0, size));
  const [header, ...lines] = text.split(/\r?\n/).filter((line) => line !== "");
  const names = header.split(",");
  const hasLateral = names.at(-1) === lateralColumn;
  const depths = names.slice(1, hasLateral ? -1 : undefined).map((name) => depthOf(path, name));
  const rows = lines.map((line, row) => numbersOf(path, line, row, names.length));
  const column = (c: number) => Float64Array.from(rows, (row) => row[c]);
  const [timeSec, depthUm] = [column(0), Float64Array.from(depths)];
  checkBins({ path: `${path} (time_s)`, values: timeSec });
  checkBins({ path: `${path} (depths)`, values: depthUm });
  const displacementUm = Float64Array.from(rows.flatMap((row) => row.slice(1, 1 + depths.length)));
  requireFinite({ path, values: displacementUm });
  const lateral = hasLateral ? { path: `${path} (${lateralColumn})`, values: column(names.length - 1) } : null;
  if (lateral) requireFinite(lateral);
  const motion = {
    displacementUm,
    timeBinCentersSec: timeSec,
    depthBinCentersUm: depthUm,
    ...(lateral ? { lateralUm: lateral.values } : {}),
  };
  const { id: format, title } = motionTable;
  return datasetOfMotion(motion, { format, title, warnings: [] }, [source]);
}

function depthOf(path: string, name: string): number {
  const depth = name.startsWith(depthColumn) ? Number(name.slice(depthColumn.length) || "none") : Number.NaN;
  if (Number.isFinite(depth)) return depth;
  const message = `${path}: expected columns called ${depthColumn}<depth in µm> after time_s, found "${name.slice(0, 40)}".`;
  throw new AppError("bad-file", message, { path });
}

function numbersOf(path: string, line: string, row: number, nColumns: number): number[] {
  const cells = line.split(",");
  if (cells.length !== nColumns)
    throw new AppError(
      "bad-file",
      `${path}: expected ${nColumns} numbers in row ${row} (counting from 0), found ${cells.length}.`,
      { path, row },
    );
  return cells.map((cell) => (cell.trim() === "" ? Number.NaN : Number(cell)));
}
