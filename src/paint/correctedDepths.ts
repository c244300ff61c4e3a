import { assert } from "../core/errors.ts";
import { displacementAt, motionOfShank } from "../core/motion.ts";
import type { Motion, SpikeTable } from "../core/types.ts";
import { lengthened } from "./growingSpikes.ts";

/** Rows that are corrected in one piece, when first looked at. */
const chunkRows = 65536;

/** Corrected depths that are computed only where somebody looks, and kept until the motion changes. */
export interface CorrectedDepths {
  /** [N] µm; valid for the rows asked for, anything elsewhere */
  upTo(from: number, to: number): Float64Array;
  /** The same motion over spikes whose first N rows are these: nothing is computed twice. Replaces this one. */
  extendedTo(spikes: SpikeTable): CorrectedDepths;
  /** the array behind it, to be handed to the next motion */
  target: Float64Array;
}

/**
 * Corrected depth of spikes, µm: observed − displacement(t, observed), as core/motion's `correctDepths` gives it (a
 * test holds them together). Faster than that because times ascend: the time bin moves along instead of being searched.
 * `target` [N] is overwritten; give the array of the motion before to spare an allocation.
 */
export function correctedDepths(
  spikes: SpikeTable,
  motion: Motion,
  target: Float64Array = new Float64Array(spikes.nSpikes),
): CorrectedDepths {
  assert(target.length === spikes.nSpikes, "one corrected depth per spike");
  return overRows(spikes, motion, target, new Uint32Array(Math.ceil(spikes.nSpikes / chunkRows)));
}

/** `doneRows`: [chunks] rows finished from the start of each chunk. */
function overRows(spikes: SpikeTable, motion: Motion, target: Float64Array, doneRows: Uint32Array): CorrectedDepths {
  return {
    target,
    upTo: (from, to) => {
      for (let chunk = Math.floor(from / chunkRows); chunk * chunkRows < to; chunk++) {
        const start = chunk * chunkRows;
        const end = Math.min(spikes.nSpikes, start + chunkRows);
        if (start + doneRows[chunk] >= end) continue;
        correctRows(spikes, motion, target, start + doneRows[chunk], end);
        doneRows[chunk] = end - start;
      }
      return target;
    },
    extendedTo: (longer) => {
      const done = new Uint32Array(Math.ceil(longer.nSpikes / chunkRows));
      done.set(doneRows);
      return overRows(longer, motion, lengthened(target, longer.nSpikes), done);
    },
  };
}

/** Corrected depths by several motions of the same spikes, each kept until its motion or the spikes are others. */
export interface CorrectedStore {
  of(id: string, spikes: SpikeTable, motion: Motion): CorrectedDepths;
  /** Forget all but these. */
  keepOnly(ids: ReadonlySet<string>): void;
}

export function correctedStore(): CorrectedStore {
  const known = new Map<string, { spikes: SpikeTable; motion: Motion; corrected: CorrectedDepths }>();
  return {
    of: (id, spikes, motion) => {
      const last = known.get(id);
      if (last?.spikes === spikes && last.motion === motion) return last.corrected;
      const target = last?.corrected.target;
      const isReusable = target?.length === spikes.nSpikes;
      const corrected = correctedDepths(spikes, motion, isReusable ? target : undefined);
      known.set(id, { spikes, motion, corrected });
      return corrected;
    },
    keepOnly: (ids) => {
      for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
    },
  };
}

function correctRows(spikes: SpikeTable, motion: Motion, out: Float64Array, from: number, to: number): void {
  const { shank } = spikes;
  if (shank && motion.byShank) {
    for (let row = from; row < to; row++) {
      const own = motionOfShank(motion, shank[row]);
      out[row] = spikes.depthUm[row] - displacementAt(own, spikes.timeSec[row], spikes.depthUm[row]);
    }
    return;
  }
  const times = motion.timeBinCentersSec;
  const depths = motion.depthBinCentersUm;
  const p = motion.displacementUm;
  const [nTimes, nDepths] = [times.length, depths.length];
  const stepT = nTimes > 1 ? nDepths : 0;
  const stepD = nDepths > 1 ? 1 : 0;
  let i = 0;
  let j = 0;
  for (let row = from; row < to; row++) {
    const t = spikes.timeSec[row];
    const y = spikes.depthUm[row];
    while (i < nTimes - 2 && times[i + 1] <= t) i++;
    // depths jump about; with few bins two short walks beat a search
    while (j < nDepths - 2 && depths[j + 1] <= y) j++;
    while (j > 0 && depths[j] > y) j--;
    const ft = stepT ? clip((t - times[i]) / (times[i + 1] - times[i])) : 0;
    const fd = stepD ? clip((y - depths[j]) / (depths[j + 1] - depths[j])) : 0;
    const at = i * nDepths + j;
    const early = p[at] + fd * (p[at + stepD] - p[at]);
    const late = p[at + stepT] + fd * (p[at + stepT + stepD] - p[at + stepT]);
    out[row] = y - (early + ft * (late - early));
  }
}

function clip(f: number): number {
  return Math.min(1, Math.max(0, f));
}
