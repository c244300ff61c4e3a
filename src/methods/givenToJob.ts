import type { Motion } from "../core/types.ts";
import type { TrainedModel } from "../protocol/models.ts";
import type { ScratchRun } from "../protocol/scratch.ts";

/**
 * What a job started from that no step of its recipe makes again: the motion that was on screen and a network that was opened.
 * Kept beside the job's record, so that it goes on with them when the page that had them is gone.
 */
export interface GivenToJob {
  motion?: Motion;
  model?: TrainedModel;
}

const FILE = "given.json";

/** Of a network what it takes to apply it and to go on; the state of its optimiser belongs to a run of its own. */
export async function saveGiven(run: ScratchRun, { motion, model }: GivenToJob): Promise<void> {
  const numbers = (values: Float32Array) => Array.from(values);
  const network = model && {
    spec: model.spec,
    weights: numbers(model.weights),
    statistics: numbers(model.statistics),
    waveformScale: model.waveformScale,
    about: model.about,
  };
  const written = JSON.stringify({ motion: motion && plain(motion), model: network });
  await run.truncate(FILE, 0);
  await run.append(FILE, new TextEncoder().encode(written));
}

export async function loadGiven(run: ScratchRun): Promise<GivenToJob> {
  const bytes = await run.size(FILE);
  if (bytes === 0) return {};
  const { motion, model } = JSON.parse(new TextDecoder().decode(await run.read(FILE, 0, bytes))) as {
    motion?: PlainMotion;
    model?: Omit<TrainedModel, "weights" | "statistics"> & { weights: number[]; statistics: number[] };
  };
  return {
    ...(motion ? { motion: asMotion(motion) } : {}),
    ...(model
      ? {
          model: {
            ...model,
            weights: Float32Array.from(model.weights),
            statistics: Float32Array.from(model.statistics),
          },
        }
      : {}),
  };
}

interface PlainMotion {
  displacementUm: number[];
  timeBinCentersSec: number[];
  depthBinCentersUm: number[];
  lateralUm?: number[];
  byShank?: PlainMotion[];
}

function plain(motion: Motion): PlainMotion {
  const { displacementUm, timeBinCentersSec, depthBinCentersUm, lateralUm, byShank } = motion;
  return {
    displacementUm: [...displacementUm],
    timeBinCentersSec: [...timeBinCentersSec],
    depthBinCentersUm: [...depthBinCentersUm],
    ...(lateralUm ? { lateralUm: [...lateralUm] } : {}),
    ...(byShank ? { byShank: byShank.map(plain) } : {}),
  };
}

function asMotion({ displacementUm, timeBinCentersSec, depthBinCentersUm, lateralUm, byShank }: PlainMotion): Motion {
  return {
    displacementUm: Float64Array.from(displacementUm),
    timeBinCentersSec: Float64Array.from(timeBinCentersSec),
    depthBinCentersUm: Float64Array.from(depthBinCentersUm),
    ...(lateralUm ? { lateralUm: Float64Array.from(lateralUm) } : {}),
    ...(byShank ? { byShank: byShank.map(asMotion) } : {}),
  };
}
