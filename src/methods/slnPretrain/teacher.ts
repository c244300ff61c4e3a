import { AppError } from "../../core/errors.ts";
import { touchesBound } from "../../core/locationOutliers.ts";
import type { SpikeTable } from "../../core/types.ts";
import type { MethodInputs } from "../defineMethod.ts";
import type { WaveformFeed } from "../sln/feed.ts";

/** Error of α that weighs as much as one of 1 µm: a tenth of a decade as much as 3 µm. */
export const decadesToUm = 30;
/** The monopolar fit's largest distance from its start, at its default. */
const reachUm = 150;

/** What a network is to say. */
export interface Teacher {
  id: string;
  /** [N, 4] x, y, z, alpha, uncorrected, as the teacher has them */
  xyza: Float32Array;
  /** [N, nOut] offsets from the anchors in µm, then log10 α; NaN in every column of a spike that does not train */
  targets: Float32Array;
  warnings: { code: string; message: string }[];
}

/** Throws AppError when the teacher's positions are not there, or lack the α that is to be learned. */
export function teacherOf(inputs: MethodInputs, feed: WaveformFeed, choice: string, nOut: number): Teacher {
  const { id, xyza, warnings } = positionsOf(inputs, choice);
  const n = feed.nSpikes;
  const hasZ = xyza.some((v, i) => i % 4 === 2 && Number.isFinite(v));
  if (!hasZ)
    warnings.push({
      code: "teacher-without-z",
      message: `The teacher (${id}) gives no distance from the probe, so the network learns z = 0.`,
    });
  const start = id === "monopolar" ? inputs.locations?.com : undefined;
  const targets = new Float32Array(nOut * n).fill(Number.NaN);
  let [nWithout, nAtBound] = [0, 0];
  for (let i = 0; i < n; i++) {
    const [x, y, z, alpha] = xyza.subarray(4 * i, 4 * i + 4);
    const wanted = [x - feed.anchorsUm[2 * i], y - feed.anchorsUm[2 * i + 1], hasZ ? z : 0, Math.log10(alpha)];
    if (!wanted.slice(0, nOut).every(Number.isFinite)) nWithout++;
    else if (start && touchesBound(xyza, start, i, reachUm)) nAtBound++;
    else targets.set(wanted.slice(0, nOut), nOut * i);
  }
  if (nWithout === n)
    throw new AppError(
      "bad-data",
      nOut > 3
        ? `The network is to learn α too, and the teacher (${id}) gives α for none of the ${n} spikes; choose monopolar, or a network without α.`
        : `The teacher (${id}) has placed none of the ${n} spikes; choose another one.`,
    );
  if (nWithout + nAtBound > 0)
    warnings.push({
      code: "teacher",
      message: `${nWithout + nAtBound} of ${n} spikes do not train: the teacher (${id}) could not place ${nWithout}, and left ${nAtBound} at a bound of its fit.`,
    });
  return { id, xyza, targets, warnings };
}

function positionsOf(
  { locations = {}, waveforms, spikes }: MethodInputs,
  choice: string,
): Pick<Teacher, "id" | "xyza" | "warnings"> {
  const own = locations[choice];
  if (own) return { id: choice, xyza: own, warnings: [] };
  const came = waveforms?.targetsUm ? withoutAlpha(waveforms.targetsUm) : locations.imported;
  const imported = came ?? (spikes && columnsOf(spikes));
  if (imported && (choice === "imported" || came || Object.keys(locations).length === 0)) {
    const message = `Nothing was localized by ${choice}, so the positions that came with the spikes teach.`;
    return { id: "imported", xyza: imported, warnings: choice === "imported" ? [] : [{ code: "teacher", message }] };
  }
  const there = Object.keys(locations).join(", ");
  throw new AppError(
    "bad-data",
    `Expected positions by ${choice} to learn from, found ${there ? `those by ${there}` : "none"}; localize the spikes with it first, or choose another teacher.`,
  );
}

/** [N, 4] of [N, 3] */
function withoutAlpha(xyz: Float32Array): Float32Array {
  return Float32Array.from({ length: (4 * xyz.length) / 3 }, (_, i) =>
    i % 4 === 3 ? Number.NaN : xyz[3 * (i >> 2) + (i % 4)],
  );
}

/** The positions of the table itself; null when it has no x. */
function columnsOf({ nSpikes, xUm, depthUm, zUm, alpha }: SpikeTable): Float32Array | null {
  if (!xUm) return null;
  const columns = [xUm, depthUm, zUm, alpha];
  return Float32Array.from({ length: 4 * nSpikes }, (_, i) => columns[i % 4]?.[i >> 2] ?? Number.NaN);
}
