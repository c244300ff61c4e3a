import { AppError } from "../../core/errors.ts";
import type { Motion } from "../../core/types.ts";
import type { OpenedDataset } from "../../protocol/datasets.ts";
import { type ByteSource, readJsonObject } from "../byteSource.ts";
import { type Column, readColumn, requireEqualLengths, requireFinite } from "../columns.ts";
import { folderInWords } from "../drop.ts";
import { checkBins, datasetOfMotion } from "../motions.ts";
import { type Reader, requireSiblings } from "./reader.ts";

const NAMES = ["motion_time_s.npy", "motion_common_um.npy", "motion_grad_um.npy", "info.json"];

/**
 * The motion of simulated peaks: info.json holds ymid_um and L_um, and tissue that rests at y0 is displaced at time t by
 *   d(t, y0) = common(t) + grad(t)·(y0 − ymid)/L
 * A motion is looked up where spikes are observed, at y = y0 + d, which is linear in y as well:
 *   d = (common(t) + grad(t)·(y − ymid)/L) / (1 + grad(t)/L)
 * so two depths, ymid ± L/2, hold it exactly over the probe.
 */
export const simulatedMotion: Reader = {
  id: "simulated-motion",
  title: "Motion of simulated peaks",
  about: {
    knownBy: "motion_time_s.npy, motion_common_um.npy, motion_grad_um.npy and info.json by name",
    reads: "common motion and its growth along depth, exactly",
    leaves: "",
  },
  async find(drop) {
    const { title } = this;
    const folders = [...drop.values()].filter(
      ({ files }) => files.has("motion_common_um.npy") || files.has("motion_grad_um.npy"),
    );
    return folders.map((folder) => {
      const files = requireSiblings(folder, NAMES, title);
      return { title, kind: "motion", place: folderInWords(folder.path), files, open: () => openMotion(files) };
    });
  },
};

async function openMotion(files: readonly ByteSource[]): Promise<OpenedDataset> {
  const [time, common, growth] = await Promise.all(files.slice(0, 3).map((file) => readColumn(file)));
  requireEqualLengths([time, common, growth], "times");
  for (const column of [common, growth]) requireFinite(column);
  checkBins(time);
  const { middleUm, lengthUm } = await scaleOf(files[3]);
  const motion = observedMotion(time, common, growth, middleUm, lengthUm);
  const { id: format, title } = simulatedMotion;
  return datasetOfMotion(motion, { format, title, warnings: [] }, files);
}

async function scaleOf(source: ByteSource): Promise<{ middleUm: number; lengthUm: number }> {
  const { ymid_um: middleUm, L_um: lengthUm } = await readJsonObject(source);
  const isFine = typeof middleUm === "number" && typeof lengthUm === "number" && lengthUm > 0;
  if (isFine && Number.isFinite(middleUm) && Number.isFinite(lengthUm)) return { middleUm, lengthUm };
  throw new AppError(
    "bad-file",
    `${source.path}: expected ymid_um and an L_um above 0, in µm, found ${JSON.stringify({ ymid_um: middleUm, L_um: lengthUm })}.`,
    { path: source.path },
  );
}

function observedMotion(time: Column, common: Column, growth: Column, middleUm: number, lengthUm: number): Motion {
  const row = growth.values.findIndex((g) => g <= -lengthUm);
  if (row >= 0) {
    throw new AppError(
      "bad-data",
      `${growth.path}: expected a growth above −${lengthUm} µm, at which depths would change their order, found ${growth.values[row]} in row ${row} (counting from 0).`,
      { path: growth.path, row },
    );
  }
  const displacementUm = new Float64Array(2 * time.values.length);
  for (let t = 0; t < time.values.length; t++) {
    const stretch = growth.values[t] / lengthUm;
    for (const [k, side] of [-0.5, 0.5].entries()) {
      displacementUm[2 * t + k] = (common.values[t] + side * growth.values[t]) / (1 + stretch);
    }
  }
  return {
    displacementUm,
    timeBinCentersSec: time.values,
    depthBinCentersUm: Float64Array.of(middleUm - lengthUm / 2, middleUm + lengthUm / 2),
  };
}
