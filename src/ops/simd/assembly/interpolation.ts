// AssemblyScript. Weighted sums over a few channels of each row, sixteen rows at once. See src/core/traceInterpolation.ts
import { gatherRows } from "./medians";

/**
 * Rows [from, to) of values [nRows, nChannels] as sums over the sources of each target, into out [nRows, nTargets].
 * sources: [nTargets, nPerTarget] byte offsets 16·channel; weights: [nTargets, nPerTarget].
 * scratch: 64·nChannels bytes, of this thread.
 */
export function interpolateRows(
  values: usize, nChannels: i32, sources: usize, weights: usize, nTargets: i32, nPerTarget: i32,
  from: i32, to: i32, out: usize, scratch: usize,
): void {
  const row = <usize>nChannels << 2, outRow = <usize>nTargets << 2, block = <usize>nChannels << 4;
  for (let t = from; t < to; t += 16) {
    for (let q = 0; q < 4; q++) {
      // past the end the last row stands in
      const first = t + 4 * q, last = to - 1;
      gatherRows(
        values + <usize>min(first, last) * row, values + <usize>min(first + 1, last) * row,
        values + <usize>min(first + 2, last) * row, values + <usize>min(first + 3, last) * row,
        nChannels, scratch + <usize>q * block,
      );
    }
    let source = sources, weight = weights;
    for (let i = 0; i < nTargets; i++) {
      let a = f32x4.splat(0), b = a, c = a, d = a;
      for (let k = 0; k < nPerTarget; k++, source += 4, weight += 4) {
        const at = scratch + <usize>load<i32>(source), w = v128.load32_splat(weight);
        a = f32x4.add(a, f32x4.mul(w, v128.load(at)));
        b = f32x4.add(b, f32x4.mul(w, v128.load(at + block)));
        c = f32x4.add(c, f32x4.mul(w, v128.load(at + 2 * block)));
        d = f32x4.add(d, f32x4.mul(w, v128.load(at + 3 * block)));
      }
      const target = out + (<usize>i << 2);
      storeColumn(target, outRow, t, to, a);
      storeColumn(target, outRow, t + 4, to, b);
      storeColumn(target, outRow, t + 8, to, c);
      storeColumn(target, outRow, t + 12, to, d);
    }
  }
}

// Four values of one column, those of rows below `to`.
@inline function storeColumn(target: usize, outRow: usize, t: i32, to: i32, x: v128): void {
  const at = target + <usize>t * outRow;
  if (t < to) store<f32>(at, f32x4.extract_lane(x, 0));
  if (t + 1 < to) store<f32>(at + outRow, f32x4.extract_lane(x, 1));
  if (t + 2 < to) store<f32>(at + 2 * outRow, f32x4.extract_lane(x, 2));
  if (t + 3 < to) store<f32>(at + 3 * outRow, f32x4.extract_lane(x, 3));
}
