// AssemblyScript. Common reference: medians over groups of channels, four time samples at once. See src/core/commonReference.ts
const NARROW: i32 = 24; // groups up to this many channels are sorted, larger ones searched

// Rows r0 … r3 of nChannels floats into [C][4]; the same step turns back.
@inline function lanes02(a: v128, b: v128): v128 { return v128.shuffle<i32>(a, b, 0, 4, 1, 5); }
@inline function lanes13(a: v128, b: v128): v128 { return v128.shuffle<i32>(a, b, 2, 6, 3, 7); }

export function gatherRows(r0: usize, r1: usize, r2: usize, r3: usize, nChannels: i32, out: usize): void {
  let c = 0;
  for (; c + 4 <= nChannels; c += 4, out += 64) {
    const at = <usize>c << 2;
    const a = v128.load(r0 + at), b = v128.load(r1 + at), d = v128.load(r2 + at), e = v128.load(r3 + at);
    const p = lanes02(a, d), q = lanes02(b, e), s = lanes13(a, d), t = lanes13(b, e);
    v128.store(out, lanes02(p, q));
    v128.store(out, lanes13(p, q), 16);
    v128.store(out, lanes02(s, t), 32);
    v128.store(out, lanes13(s, t), 48);
  }
  for (; c < nChannels; c++, out += 16) {
    const at = <usize>c << 2;
    store<f32>(out, load<f32>(r0 + at));
    store<f32>(out + 4, load<f32>(r1 + at));
    store<f32>(out + 8, load<f32>(r2 + at));
    store<f32>(out + 12, load<f32>(r3 + at));
  }
}

// A float's bits as an integer of the same order, and back: negative numbers have their lower bits turned round.
@inline function sortable(x: v128): v128 {
  return v128.xor(x, v128.and(i32x4.shr_s(x, 31), i32x4.splat(0x7fffffff)));
}

// How many keys lie below `bound`, per lane.
@inline function countBelow(keys: usize, members: usize, n: i32, bound: v128): v128 {
  let a = i32x4.splat(0), b = i32x4.splat(0), i = 0;
  for (; i + 2 <= n; i += 2) {
    a = i32x4.sub(a, i32x4.lt_s(v128.load(keys + <usize>load<i32>(members + (<usize>i << 2))), bound));
    b = i32x4.sub(b, i32x4.lt_s(v128.load(keys + <usize>load<i32>(members + (<usize>i << 2), 4)), bound));
  }
  if (i < n) a = i32x4.sub(a, i32x4.lt_s(v128.load(keys + <usize>load<i32>(members + (<usize>i << 2))), bound));
  return i32x4.add(a, b);
}

// The largest key with at most `rank` keys below it is the key of that rank; its bits are found from the top.
// members: byte offsets into keys.
function searched(keys: usize, members: usize, n: i32): v128 {
  const rank = i32x4.splat((n - 1) >> 1), sign = i32x4.splat(0x80000000);
  let low = sign;
  for (let bit: u32 = 0x80000000; bit != 0; bit >>= 1) {
    const candidate = bit == 0x80000000 ? i32x4.splat(0) : v128.or(low, i32x4.splat(bit));
    const taken = i32x4.le_s(countBelow(keys, members, n, candidate), rank);
    low = v128.bitselect(candidate, low, taken);
  }
  if ((n & 1) == 1) return sortable(low);
  // the next one up: the same key again, or the least above it
  let least = i32x4.splat(0x7fffffff), atMost = i32x4.splat(0);
  for (let i = 0; i < n; i++) {
    const key = v128.load(keys + <usize>load<i32>(members + (<usize>i << 2))), above = i32x4.gt_s(key, low);
    atMost = i32x4.add(atMost, i32x4.add(i32x4.splat(1), above));
    least = v128.bitselect(i32x4.min_s(least, key), least, above);
  }
  const high = v128.bitselect(low, least, i32x4.gt_s(atMost, i32x4.splat(n >> 1)));
  return f32x4.mul(f32x4.add(sortable(low), sortable(high)), f32x4.splat(0.5));
}

// Selection sort up to the middle. values: [C][4] floats; sorted: room for n vectors.
function sortedMedian(values: usize, members: usize, n: i32, sorted: usize): v128 {
  for (let i = 0; i < n; i++) {
    v128.store(sorted + (<usize>i << 4), v128.load(values + <usize>load<i32>(members + (<usize>i << 2))));
  }
  const middle = n >> 1, end = sorted + (<usize>n << 4);
  let below = f32x4.splat(0), least = f32x4.splat(0);
  for (let i = 0; i <= middle; i++) {
    below = least;
    const at = sorted + (<usize>i << 4);
    least = v128.load(at);
    for (let p = at + 16; p < end; p += 16) {
      const x = v128.load(p);
      v128.store(p, f32x4.max(x, least));
      least = f32x4.min(x, least);
    }
  }
  return (n & 1) == 1 ? least : f32x4.mul(f32x4.add(below, least), f32x4.splat(0.5));
}

/**
 * Rows [from, to) of values [nRows, nChannels] less the median of each channel's group, into out.
 * offsets: [nGroups + 1]; members: byte offsets 16·channel; groupOf: [nChannels].
 * scratch: 16·(2·nChannels + nGroups + 24) bytes, of this thread.
 */
export function referenceRows(
  values: usize, nChannels: i32, offsets: usize, members: usize, groupOf: usize, nGroups: i32,
  from: i32, to: i32, out: usize, scratch: usize,
): void {
  const lanes = scratch, keys = lanes + (<usize>nChannels << 4), medians = keys + (<usize>nChannels << 4);
  const sorted = medians + (<usize>nGroups << 4), row = <usize>nChannels << 2;
  for (let t = from; t < to; t += 4) {
    // past the end the last row stands in
    const o0 = <usize>t * row, o1 = <usize>min(t + 1, to - 1) * row, o2 = <usize>min(t + 2, to - 1) * row, o3 = <usize>min(t + 3, to - 1) * row;
    gatherRows(values + o0, values + o1, values + o2, values + o3, nChannels, lanes);
    for (let at: usize = 0; at < row << 2; at += 16) v128.store(keys + at, sortable(v128.load(lanes + at)));
    for (let g = 0; g < nGroups; g++) {
      const start = load<i32>(offsets + (<usize>g << 2)), n = load<i32>(offsets + (<usize>g << 2), 4) - start;
      const list = members + (<usize>start << 2);
      v128.store(medians + (<usize>g << 4), n > NARROW ? searched(keys, list, n) : sortedMedian(lanes, list, n, sorted));
    }
    for (let c = 0; c < nChannels; c++) {
      const at = <usize>c << 2, group = <usize>load<i32>(groupOf + at) << 4;
      const x = f32x4.sub(v128.load(lanes + (<usize>c << 4)), v128.load(medians + group));
      store<f32>(out + o0 + at, f32x4.extract_lane(x, 0));
      store<f32>(out + o1 + at, f32x4.extract_lane(x, 1));
      store<f32>(out + o2 + at, f32x4.extract_lane(x, 2));
      store<f32>(out + o3 + at, f32x4.extract_lane(x, 3));
    }
  }
}
