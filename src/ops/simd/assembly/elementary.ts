// AssemblyScript. The exponential four at a time, and the counter dropout of core/network/dropout.ts.

/** e^v for v ≤ 0, relative error 8e-8; below e^−87 it stays there. 2ⁿ·e^r with |r| ≤ ½·ln 2, e^r by a polynomial fitted to it. */
@inline export function exp4(v: v128): v128 {
  const x = f32x4.max(v, f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.4426950408889634)));
  // ln 2 in two parts, the first short enough that n times it is exact
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.1219444005469057e-4)));
  let p = f32x4.splat(0.001395080344687459);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.008369073483134828));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.04166620111326999));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.1666651730422571));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5000000096647782));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

@inline function mix4(value: v128): v128 {
  let h = v128.xor(value, i32x4.shr_u(value, 16));
  h = i32x4.mul(h, i32x4.splat(0x85ebca6b));
  h = v128.xor(h, i32x4.shr_u(h, 13));
  h = i32x4.mul(h, i32x4.splat(0xc2b2ae35));
  return v128.xor(h, i32x4.shr_u(h, 16));
}

/** Factors of four units from `unit` on: 0 where dropped, else kept. */
@inline export function dropFactors4(unit: i32, place: i32, row: i32, seed: i32, threshold: i32, kept: f32): v128 {
  const units = i32x4.mul(i32x4.add(i32x4.splat(unit), i32x4(0, 1, 2, 3)), i32x4.splat(0xc2b2ae35));
  const own = mix4(v128.xor(i32x4.splat(row * 0x85ebca6b), units));
  const placed = mix4(v128.xor(i32x4.splat(place * 0x9e3779b9), own));
  const hash = mix4(v128.xor(i32x4.splat(seed), placed));
  return v128.and(f32x4.splat(kept), i32x4.ge_u(hash, i32x4.splat(threshold)));
}

/** x[n] times the factors of units unit, unit + 1, …; n in fours. */
export function dropUnits(x: usize, n: i32, unit: i32, place: i32, row: i32, seed: i32, threshold: i32, kept: f32): void {
  for (let i = 0; i < n; i += 4, x += 16) {
    v128.store(x, f32x4.mul(v128.load(x), dropFactors4(unit + i, place, row, seed, threshold, kept)));
  }
}
