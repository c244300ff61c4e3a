// AssemblyScript. Spatial entropy of histogram rows and its gradient. Formulas: src/core/histogramLosses.ts, meanEntropy.

const EPSILON: f32 = 1e-8;
const MASS_FLOOR: f64 = 1e-8;

// ln of four positive normal floats to 2 units in the last place: x = 2^e·m with m in [√½, √2), and
// ln m = 2·artanh(s), s = (m − 1)/(m + 1), |s| < 0.172, as five terms of its series (the sixth is below 10⁻⁹).
@inline function logarithm(x: v128): v128 {
  // adding 1.0 − √½ in bits makes the exponent step at √½·2^e instead of at 2^e
  const bits = i32x4.add(x, i32x4.splat(0x3f800000 - 0x3f3504f3));
  const exponent = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_s(bits, 23), i32x4.splat(127)));
  const m = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const one = f32x4.splat(1);
  const s = f32x4.div(f32x4.sub(m, one), f32x4.add(m, one));
  const z = f32x4.mul(s, s);
  let sum = f32x4.add(f32x4.splat(<f32>(1.0 / 7)), f32x4.mul(z, f32x4.splat(<f32>(1.0 / 9))));
  sum = f32x4.add(f32x4.splat(<f32>(1.0 / 5)), f32x4.mul(z, sum));
  sum = f32x4.add(f32x4.splat(<f32>(1.0 / 3)), f32x4.mul(z, sum));
  const twice = f32x4.add(s, s);
  const small = f32x4.add(twice, f32x4.mul(twice, f32x4.mul(z, sum)));
  return f32x4.add(f32x4.mul(exponent, f32x4.splat(0.69314718056)), small);
}

// Four cells from k on, zero beyond the last of n.
@inline function quad(row: usize, k: i32, n: i32): v128 {
  const at = row + (<usize>k << 2);
  if (k + 4 <= n) return v128.load(at);
  let v = f32x4.splat(0);
  v = f32x4.replace_lane(v, 0, load<f32>(at));
  if (k + 1 < n) v = f32x4.replace_lane(v, 1, load<f32>(at, 4));
  if (k + 2 < n) v = f32x4.replace_lane(v, 2, load<f32>(at, 8));
  return v;
}

@inline function putQuad(row: usize, k: i32, n: i32, v: v128): void {
  const at = row + (<usize>k << 2);
  if (k + 4 <= n) { v128.store(at, v); return; }
  store<f32>(at, f32x4.extract_lane(v, 0));
  if (k + 1 < n) store<f32>(at, f32x4.extract_lane(v, 1), 4);
  if (k + 2 < n) store<f32>(at, f32x4.extract_lane(v, 2), 8);
}

@inline function addWide(sum: v128, v: v128): v128 {
  const high = i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
  return f64x2.add(sum, f64x2.add(f64x2.promote_low_f32x4(v), f64x2.promote_low_f32x4(high)));
}

@inline function total(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/**
 * Bins [from, to). histogram, valid: [T, V], [T] floats; entropy: [T], 0 where a bin is not valid; grad: [T, V], of the mean
 * over nValid bins.
 */
export function entropyRows(
  histogram: usize, valid: usize, entropy: usize, grad: usize, from: i32, to: i32, nVoxels: i32, nValid: i32,
): void {
  const epsilon = f32x4.splat(EPSILON);
  for (let t = from; t < to; t++) {
    const offset = <usize>t * <usize>nVoxels << 2, row = histogram + offset, out = grad + offset;
    const at = <usize>t << 2;
    if (load<f32>(valid + at) == 0) {
      store<f32>(entropy + at, 0);
      memory.fill(out, 0, <usize>nVoxels << 2);
      continue;
    }
    let sum = f64x2.splat(0);
    for (let k = 0; k < nVoxels; k += 4) sum = addWide(sum, quad(row, k, nVoxels));
    const mass = max(total(sum), MASS_FLOOR);
    const share = f32x4.splat(<f32>(1 / mass));
    let logs = f64x2.splat(0), ratios = f64x2.splat(0);
    for (let k = 0; k < nVoxels; k += 4) {
      const p = f32x4.mul(quad(row, k, nVoxels), share);
      const inside = f32x4.add(p, epsilon);
      const log = logarithm(inside), ratio = f32x4.div(p, inside);
      logs = addWide(logs, f32x4.mul(p, log));
      ratios = addWide(ratios, f32x4.mul(p, ratio));
      putQuad(out, k, nVoxels, f32x4.neg(f32x4.add(log, ratio)));
    }
    store<f32>(entropy + at, <f32>-total(logs));
    const mean = f32x4.splat(<f32>(-total(logs) - total(ratios)));
    const scale = f32x4.splat(<f32>(1 / (mass * nValid)));
    for (let k = 0; k < nVoxels; k += 4)
      putQuad(out, k, nVoxels, f32x4.mul(f32x4.sub(quad(out, k, nVoxels), mean), scale));
  }
}
