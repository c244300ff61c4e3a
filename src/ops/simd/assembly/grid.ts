// AssemblyScript. Grid convolution, one share of the spikes per thread. Formula and borders: src/core/gridConvolution.ts.

// The k-th smallest (from 0) of n float64 at `a`, which is reordered: nothing before place k is larger, nothing after smaller.
function selectNth(a: usize, n: i32, k: i32): f64 {
  let low = 0, high = n - 1;
  while (low < high) {
    const pivot = load<f64>(a + (<usize>((low + high) >> 1) << 3));
    let i = low, j = high;
    while (i <= j) {
      while (load<f64>(a + (<usize>i << 3)) < pivot) i++;
      while (load<f64>(a + (<usize>j << 3)) > pivot) j--;
      if (i <= j) {
        const left = a + (<usize>i << 3), right = a + (<usize>j << 3), value = load<f64>(left);
        store<f64>(left, load<f64>(right)); store<f64>(right, value);
        i++; j--;
      }
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return load<f64>(a + (<usize>k << 3));
}

// The value that the best dots reach: linear between the two around rank (n − 1)·share. positive: n float64, reordered.
function threshold(positive: usize, n: i32, share: f64): f64 {
  const rank = <f64>(n - 1) * share, below = <i32>Math.floor(rank);
  const value = selectNth(positive, n, below);
  if (below + 1 >= n) return value;
  let above = Infinity;
  for (let i = below + 1; i < n; i++) above = Math.min(above, load<f64>(positive + (<usize>i << 3)));
  return value + (rank - below) * (above - value);
}

/**
 * Spikes [from, to). projection: [N, K] floats; channel: [N] ints; the plan's tables as in core; result: [N, 4] floats.
 * share: float64 at that address, 1 − percentile/100. scratch, of this thread alone: 2·maxTemplates float64.
 */
export function gridLocations(
  projection: usize, channel: usize, nSlots: i32, templateStart: usize, templateUm: usize, weightStart: usize,
  weightSlot: usize, weight: usize, result: usize, from: i32, to: i32, share: usize, scratch: usize, maxTemplates: i32,
): void {
  const positive = scratch + (<usize>maxTemplates << 3);
  for (let s = from; s < to; s++) {
    const row = projection + (<usize>(s * nSlots) << 2), own = templateStart + (<usize>load<i32>(channel + (<usize>s << 2)) << 2);
    const first = load<i32>(own), last = load<i32>(own, 4), out = result + (<usize>s << 4);
    let nPositive = 0, i = load<i32>(weightStart + (<usize>first << 2));
    for (let t = first; t < last; t++) {
      const end = load<i32>(weightStart + (<usize>(t + 1) << 2));
      let dot: f64 = 0;
      for (; i < end; i++) {
        const slot = load<i32>(weightSlot + (<usize>i << 2));
        dot += <f64>load<f32>(weight + (<usize>i << 2)) * <f64>load<f32>(row + (<usize>slot << 2));
      }
      store<f64>(scratch + (<usize>(t - first) << 3), dot);
      if (dot >= 0) {
        store<f64>(positive + (<usize>nPositive << 3), dot);
        nPositive++;
      }
    }
    const least = nPositive > 0 ? threshold(positive, nPositive, load<f64>(share)) : Infinity;
    let total: f64 = 0, x: f64 = 0, y: f64 = 0, z: f64 = 0, largest: f64 = 0;
    for (let t = first; t < last; t++) {
      const dot = load<f64>(scratch + (<usize>(t - first) << 3)), at = templateUm + <usize>t * 12;
      if (!(dot >= least)) continue;
      total += dot;
      x += dot * <f64>load<f32>(at); y += dot * <f64>load<f32>(at, 4); z += dot * <f64>load<f32>(at, 8);
      largest = Math.max(largest, dot);
    }
    const found = total > 0;
    store<f32>(out, <f32>(found ? x / total : NaN)); store<f32>(out, <f32>(found ? y / total : NaN), 4);
    store<f32>(out, <f32>(found ? z / total : NaN), 8); store<f32>(out, <f32>(found ? largest : NaN), 12);
  }
}
