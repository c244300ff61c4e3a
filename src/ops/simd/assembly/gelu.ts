// GELU in its exact form, four numbers at a time. Φ by a polynomial in 1/(1 + p|y|) times the Gaussian, as in Abramowitz and
// Stegun 7.1.25; coefficients fitted here to 5e-9 (minimax), so that float32 rounding dominates: 1e-7 in all.

// e^(−y²/2): 2^n · 2^r with the whole and the rest of −y²/2 · log2 e; the polynomial in r is exact to 3e-9.
@inline export function gaussian(y: v128): v128 {
  const x = f32x4.max(f32x4.mul(f32x4.mul(y, y), f32x4.splat(-0.72134752)), f32x4.splat(-126));
  const whole = f32x4.nearest(x), r = f32x4.sub(x, whole);
  let p = f32x4.splat(0.00015461444724808513);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.0013400428177711937));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.00961805667843204));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.05550327226669895));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.24022650922289554));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.6931472067028329));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(whole), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

// Φ(y), the share of the normal distribution below y; g = gaussian(y).
@inline export function cumulative(y: v128, g: v128): v128 {
  const one = f32x4.splat(1);
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(f32x4.abs(y), f32x4.splat(0.275))));
  let p = f32x4.splat(-0.11485832914208788);
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.4519986960720288));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.3309933611633717));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.33393224843121516));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.04211150050493123));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.11780925001620718));
  const below = f32x4.mul(g, f32x4.mul(p, t)); // Φ(−|y|)
  return v128.bitselect(below, f32x4.sub(one, below), f32x4.lt(y, f32x4.splat(0)));
}

// d GELU / dy = Φ + y·φ.
@inline export function geluSlope(y: v128, g: v128, phi: v128): v128 {
  return f32x4.add(phi, f32x4.mul(f32x4.mul(y, g), f32x4.splat(0.3989422804014327)));
}
