// Φ(x) and φ(x) of the normal distribution, for the exact GELU x·Φ(x) and its slope Φ(x) + x·φ(x); see core/network/gelu.ts.
// 1 − Φ(|x|) = e^(−x²/2) · polynomial in t = 1/(1 + 0.43|x|), fitted to 8e-9.
fn normal(x: f32) -> vec2<f32> {
  let e = exp(-0.5 * x * x);
  let t = 1.0 / (1.0 + 0.43 * abs(x));
  var q = 0.17909392843 - 0.02755712327 * t;
  q = -0.44118568150 + q * t;
  q = 0.42500748985 + q * t;
  q = -0.00891159180 + q * t;
  q = 0.20519075829 + q * t;
  q = 0.16836222804 + q * t;
  let tail = q * t * e;
  return vec2<f32>(select(tail, 1.0 - tail, x > 0.0), 0.39894228040 * e);
}
