// AssemblyScript. Candidate peaks of locally exclusive detection; the rule stands in core/exclusivePeaks.ts.

function isPeak(at: usize, row: usize, threshold: f32, signs: i32): bool {
  const v = load<f32>(at);
  if (!(abs(v) >= threshold)) return false;
  const before = load<f32>(at - row), after = load<f32>(at + row);
  return v < 0 ? (signs & 1) != 0 && v < before && v <= after : (signs & 2) != 0 && v > before && v >= after;
}

/**
 * Candidates of rows [from, to): ascending flat indices row · C + channel into found, which has room for one per sample,
 * and their number into count.
 * traces: [T, C] floats with one more row of zeros before and after; thresholds: [C]; signs: 1 negative, 2 positive, 3 both.
 */
export function peakCandidates(
  traces: usize, thresholds: usize, nChannels: i32, signs: i32, from: i32, to: i32, found: usize, count: usize,
): void {
  const row = <usize>nChannels << 2;
  let n = 0;
  for (let s = from; s < to; s++) {
    const start = traces + <usize>s * row;
    let c = 0;
    for (; c + 16 <= nChannels; c += 16) {
      const at = start + (<usize>c << 2), limit = thresholds + (<usize>c << 2);
      const crossed = v128.or(
        v128.or(
          f32x4.ge(f32x4.abs(v128.load(at)), v128.load(limit)),
          f32x4.ge(f32x4.abs(v128.load(at, 16)), v128.load(limit, 16)),
        ),
        v128.or(
          f32x4.ge(f32x4.abs(v128.load(at, 32)), v128.load(limit, 32)),
          f32x4.ge(f32x4.abs(v128.load(at, 48)), v128.load(limit, 48)),
        ),
      );
      if (!v128.any_true(crossed)) continue; // nearly always
      for (let k: usize = 0; k < 64; k += 4) {
        if (!isPeak(at + k, row, load<f32>(limit + k), signs)) continue;
        store<i32>(found + (<usize>n << 2), s * nChannels + c + <i32>(k >> 2));
        n++;
      }
    }
    for (; c < nChannels; c++) {
      const at = <usize>c << 2;
      if (!isPeak(start + at, row, load<f32>(thresholds + at), signs)) continue;
      store<i32>(found + (<usize>n << 2), s * nChannels + c);
      n++;
    }
  }
  store<i32>(count, n);
}
