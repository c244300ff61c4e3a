/**
 * Exact quantiles of non-negative float32 values in two passes, without sorting or copying them: the bits of such
 * floats, read as integers, are in the order of the values, so the upper 16 bits pick a bin and the lower 16 finish.
 * The value returned is the element of rank floor(q · (n − 1)). Negative and non-finite values are left out; NaN when
 * none is left.
 */
export function quantileOfPositive(values: Float32Array, q: number): number {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const infinity = 0x7f800000; // bits of +∞; NaN and everything negative are above
  const upper = new Uint32Array(0x8000);
  let n = 0;
  for (let i = 0; i < bits.length; i++) {
    if (bits[i] >= infinity) continue;
    upper[bits[i] >>> 16]++;
    n++;
  }
  if (n === 0) return Number.NaN;
  let rank = Math.floor(q * (n - 1));
  let bin = 0;
  while (rank >= upper[bin]) rank -= upper[bin++];
  const lower = new Uint32Array(0x10000);
  for (let i = 0; i < bits.length; i++) if (bits[i] >>> 16 === bin) lower[bits[i] & 0xffff]++;
  let rest = 0;
  while (rank >= lower[rest]) rank -= lower[rest++];
  return new Float32Array(Uint32Array.of((bin << 16) | rest).buffer)[0];
}
