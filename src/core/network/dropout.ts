/**
 * Dropout by a counter instead of a stream: whether a unit is dropped is a hash of (seed, place, row, unit), so that oracle,
 * SIMD kernel and shader drop the same units, however a block is cut into batches and batches into threads.
 *
 * h = mix(seed ^ mix(place·0x9e3779b9 ^ mix(row·0x85ebca6b ^ unit·0xc2b2ae35)))  with mix the finaliser of murmur3, on u32;
 * dropped when h < p·2³²; what is kept is multiplied by 1/(1 − p).
 */
function mix(value: number): number {
  let h = value >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Below this a hash means "drop": p·2³², at most 2³² − 1. */
export function dropThreshold(dropout: number): number {
  return Math.min(0xffffffff, Math.floor(dropout * 4294967296));
}

export function isDropped(threshold: number, seed: number, place: number, row: number, unit: number): boolean {
  if (threshold === 0) return false;
  const own = mix((Math.imul(row, 0x85ebca6b) ^ Math.imul(unit, 0xc2b2ae35)) >>> 0);
  const placed = mix((Math.imul(place, 0x9e3779b9) ^ own) >>> 0);
  return mix((seed ^ placed) >>> 0) < threshold;
}

/**
 * Places of dropout. CNN: after the GELU of head.1 and of head.4. Transformer, 4 per layer l, base 16 + 4·l: attention
 * probabilities (unit = (head·10 + query)·10 + key), attention branch (unit = token·128 + k), inside the feed-forward part
 * (unit = token·256 + k), its branch (unit = token·128 + k).
 */
export const DROPOUT_PLACES = { cnnHead1: 1, cnnHead4: 2, transformer: 16, perLayer: 4 } as const;
