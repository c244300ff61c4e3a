// GELU in its exact form, four numbers at a time. Φ by a polynomial in 1/(1 + p|y|) times the Gaussian, as in Abramowitz and
// Stegun 7.1.25; coefficients fitted here to 5e-9 (minimax), so that float32 rounding dominates: 2e-7 in all.

// e^(−y²/2): 2^n · 2^r with the whole and the rest of −y²/2 · log2 e; the polynomial in r is exact to 1e-7 of its value. Adding
// 1.5·2²³ + 127 rounds to the whole and leaves it, as an exponent, in the lowest bits.
@inline export function gaussian(y: v128): v128 {
  const x = f32x4.pmax(f32x4.mul(f32x4.mul(y, y), f32x4.splat(-0.72134752)), f32x4.splat(-126)); // lets NaN through
  const rounder = f32x4.splat(12583039), rounded = f32x4.add(x, rounder), r = f32x4.sub(x, f32x4.sub(rounded, rounder));
  let p = f32x4.splat(0.001339086336353527);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.009676031918255982));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.05550357114222094));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.2402210748530968));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.6931471880262273));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  return f32x4.mul(p, i32x4.shl(rounded, 23));
}

// Φ(y), the share of the normal distribution below y; g = gaussian(y).
@inline export function cumulative(y: v128, g: v128): v128 {
  const one = f32x4.splat(1), half = f32x4.splat(0.5), sign = v128.and(y, i32x4.splat(0x80000000));
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(v128.xor(y, sign), f32x4.splat(0.275))));
  let p = f32x4.splat(-0.11485832914208788);
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.4519986960720288));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.3309933611633717));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.33393224843121516));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.04211150050493123));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.11780925001620718));
  const above = f32x4.sub(half, f32x4.mul(g, f32x4.mul(p, t))); // Φ(|y|) − ½
  return f32x4.add(half, v128.xor(above, sign));
}

// d GELU / dy = Φ + y·φ.
@inline export function geluSlope(y: v128, g: v128, phi: v128): v128 {
  return f32x4.add(phi, f32x4.mul(f32x4.mul(y, g), f32x4.splat(0.3989422804014327)));
}
