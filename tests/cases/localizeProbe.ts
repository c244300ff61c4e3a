import type { Random } from "../../src/core/random.ts";
import type { SlotTable } from "../../src/core/types.ts";

/** Two staggered columns of contacts every 20 µm, [C, 2] µm. */
export function staggeredProbe(nChannels: number, bottomUm = 0): Float32Array {
  return Float32Array.from({ length: 2 * nChannels }, (_, i) => {
    const c = i >> 1;
    const row = c >> 1;
    return i % 2 === 0 ? 32 * (c % 2) + (row % 2 === 0 ? 16 : 0) : bottomUm + 20 * row;
  });
}

/** The nearest `nSlots` channels of each, nearest first, no farther than `radiusUm`; −1 beyond. */
export function nearestSlots(positionsUm: ArrayLike<number>, nSlots: number, radiusUm = Infinity): SlotTable {
  const nChannels = positionsUm.length / 2;
  const channels = new Int32Array(nChannels * nSlots).fill(-1);
  for (let c = 0; c < nChannels; c++) {
    Array.from({ length: nChannels }, (_, other) => ({
      other,
      far: Math.hypot(positionsUm[2 * other] - positionsUm[2 * c], positionsUm[2 * other + 1] - positionsUm[2 * c + 1]),
    }))
      .filter(({ far }) => far <= radiusUm)
      .sort((a, b) => a.far - b.far || a.other - b.other)
      .slice(0, nSlots)
      .forEach(({ other }, k) => {
        channels[c * nSlots + k] = other;
      });
  }
  return { nSlots, channels };
}

export interface PointSources {
  /** [N, 4] x, y, z µm, α µV·µm */
  truth: Float64Array;
  /** [N] channel nearest to the source */
  channel: Int32Array;
  /** [N, K] µV */
  feature: Float32Array;
}

/** Features of point sources in front of the contacts, α/distance with relative noise. */
export function pointSources(
  random: Random,
  n: number,
  positionsUm: ArrayLike<number>,
  slots: SlotTable,
  noise: number,
): PointSources {
  const truth = new Float64Array(4 * n);
  const channel = new Int32Array(n);
  const feature = new Float32Array(n * slots.nSlots);
  const nChannels = positionsUm.length / 2;
  for (let s = 0; s < n; s++) {
    const near = random.integer(nChannels);
    const x = positionsUm[2 * near] + 10 * (random.uniform() - 0.5);
    const y = positionsUm[2 * near + 1] + 14 * (random.uniform() - 0.5);
    const z = 10 + 25 * random.uniform();
    const alpha = 2000 + 8000 * random.uniform();
    truth.set([x, y, z, alpha], 4 * s);
    channel[s] = near;
    for (let k = 0; k < slots.nSlots; k++) {
      const c = slots.channels[near * slots.nSlots + k];
      if (c < 0) continue;
      const r = Math.hypot(x - positionsUm[2 * c], y - positionsUm[2 * c + 1], z);
      feature[s * slots.nSlots + k] = (alpha / r) * (1 + noise * random.normal());
    }
  }
  return { truth, channel, feature };
}
