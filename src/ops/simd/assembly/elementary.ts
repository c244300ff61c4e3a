// AssemblyScript. The exponential four at a time, and the counter dropout of core/network/dropout.ts.

// Constants lie in memory: a load costs less than V8's way of making a vector of a number.
const EXP = memory.data<f32>([
  -87, 1.4426950408889634, 12583039, 0.693359375, -2.1219444005469057e-4,
  0.001395080344687459, 0.008369073483134828, 0.04166620111326999, 0.1666651730422571, 0.5000000096647782, 1,
]);
@inline function expAt(i: usize): v128 { return v128.load32_splat(EXP + (i << 2)); }

/** e^v for v ≤ 0, relative error 8e-8; below e^−87 it stays there. 2ⁿ·e^r with |r| ≤ ½·ln 2, e^r by a polynomial fitted to it. */
@inline export function exp4(v: v128): v128 {
  const x = f32x4.max(v, expAt(0)), rounder = expAt(2);
  // adding 1.5·2²³ + 127 rounds to the whole n and leaves it, as an exponent, in the lowest bits
  const rounded = f32x4.add(f32x4.mul(x, expAt(1)), rounder), n = f32x4.sub(rounded, rounder);
  // ln 2 in two parts, the first short enough that n times it is exact
  let r = f32x4.sub(x, f32x4.mul(n, expAt(3)));
  r = f32x4.sub(r, f32x4.mul(n, expAt(4)));
  let p = f32x4.add(f32x4.mul(expAt(5), r), expAt(6));
  p = f32x4.add(f32x4.mul(p, r), expAt(7));
  p = f32x4.add(f32x4.mul(p, r), expAt(8));
  p = f32x4.add(f32x4.mul(p, r), expAt(9));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), expAt(10));
  return f32x4.mul(p, i32x4.shl(rounded, 23));
}

// Multipliers of the hash, what the units of four lanes add (multiplied), and what the next four add.
const HASH = memory.data<u32>([
  0x85ebca6b, 0xc2b2ae35, 0x0, 0xc2b2ae35, 0x85655c6a, 0x48180a9f, 0xacab8d4,
]);

@inline function mix4(value: v128): v128 {
  let h = v128.xor(value, i32x4.shr_u(value, 16));
  h = i32x4.mul(h, v128.load32_splat(HASH));
  h = v128.xor(h, i32x4.shr_u(h, 13));
  h = i32x4.mul(h, v128.load32_splat(HASH, 4));
  return v128.xor(h, i32x4.shr_u(h, 16));
}

/** Four units from `unit` on as dropFactors4 wants them, and the four after those. */
@inline export function unitsFrom(unit: i32): v128 {
  return i32x4.add(i32x4.splat(unit * 0xc2b2ae35), v128.load(HASH, 8));
}
@inline export function nextUnits(units: v128): v128 {
  return i32x4.add(units, v128.load32_splat(HASH, 24));
}

/** Factors of four units: 0 where dropped, else kept. place, row: as the two functions below make them. */
@inline export function dropFactors4(units: v128, place: v128, row: v128, seed: v128, threshold: v128, kept: v128): v128 {
  const hash = mix4(v128.xor(seed, mix4(v128.xor(place, mix4(v128.xor(row, units))))));
  return v128.and(kept, i32x4.ge_u(hash, threshold));
}
@inline export function rowLanes(row: i32): v128 { return i32x4.splat(row * 0x85ebca6b); }
@inline export function placeLanes(place: i32): v128 { return i32x4.splat(place * 0x9e3779b9); }

/** x[n] times the factors of units unit, unit + 1, …; n in fours. */
export function dropUnits(x: usize, n: i32, unit: i32, place: i32, row: i32, seed: i32, threshold: i32, kept: f32): void {
  const places = placeLanes(place), rows = rowLanes(row), seeds = i32x4.splat(seed), thresholds = i32x4.splat(threshold);
  const keeps = f32x4.splat(kept);
  let units = unitsFrom(unit);
  for (const end = x + (<usize>n << 2); x < end; x += 16) {
    v128.store(x, f32x4.mul(v128.load(x), dropFactors4(units, places, rows, seeds, thresholds, keeps)));
    units = nextUnits(units);
  }
}
