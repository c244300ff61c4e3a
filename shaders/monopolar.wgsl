// Monopolar triangulation: Levenberg–Marquardt on (x, y, log z) with α in closed form. Formula, start, bounds and source:
// src/core/monopolar.ts. One invocation per spike; an unlocatable spike becomes a row of NaN.
// float32: positions are relative to the centre of mass, so that 1/distance keeps 1e-7 far up the probe; residuals are
// summed in a second pass, because Σu² − α Σuq would cancel. The objective is then known to about 1e-9 (values of 1e-3);
// `slack` lets steps below that noise through, since the gradient still points the way when the value no longer tells.

struct Params {
  nSpikes: u32,
  nSlots: u32,
  maxDistanceUm: f32,
  penalty: f32,   // weight of log(1 + 10 z); 0 is least squares
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> feature: array<f32>;      // [N, K], sign ignored
@group(0) @binding(2) var<storage, read> channel: array<i32>;      // [N]
@group(0) @binding(3) var<storage, read> slots: array<i32>;        // [C, K] channel, −1 where there is none
@group(0) @binding(4) var<storage, read> positionsUm: array<f32>;  // [C, 2]
@group(0) @binding(5) var<storage, read_write> fit: array<f32>;    // [N, 5] x, y, z µm, α feature·µm, objective

const maxSteps = 100;
const smallestStep = 3e-4;  // µm, and relative in z: what float32 resolves
const startZUm = 20.0;
const slack = 2e-9;

struct Spike {
  row: u32,        // first element in `feature`
  table: u32,      // first element in `slots`
  nChannels: f32,
  largest: f32,
  center: vec2<f32>,
}

struct Evaluation {
  value: f32,
  alpha: f32,
  gradient: vec3<f32>,  // half of it, in x, y, log z
  diagonal: vec3<f32>,  // xx, yy, ww
  mixed: vec3<f32>,     // xy, xw, yw
}

fn positionOf(c: i32) -> vec2<f32> {
  return vec2<f32>(positionsUm[2 * c], positionsUm[2 * c + 1]);
}

fn evaluate(s: Spike, p: vec3<f32>) -> Evaluation {
  let z = exp(p.z);
  let zz = z * z;
  let scale = 1.0 / s.largest;
  var qq = 0.0;
  var qu = 0.0;
  for (var k = 0u; k < params.nSlots; k++) {
    let c = slots[s.table + k];
    if (c < 0) { continue; }
    let d = p.xy - (positionOf(c) - s.center);
    let q = 1.0 / sqrt(dot(d, d) + zz);
    qq += q * q;
    qu += q * scale * abs(feature[s.row + k]);
  }
  var alpha = qu / qq;
  var free = 1.0 / qq;
  if (params.penalty == 0.0 && alpha >= params.maxDistanceUm) {
    alpha = params.maxDistanceUm;
    free = 0.0;
  }
  var squares = 0.0;
  var pull = vec3<f32>(0.0);
  var along = vec3<f32>(0.0);
  var diagonal = vec3<f32>(0.0);
  var mixed = vec3<f32>(0.0);
  for (var k = 0u; k < params.nSlots; k++) {
    let c = slots[s.table + k];
    if (c < 0) { continue; }
    let d = p.xy - (positionOf(c) - s.center);
    let q = 1.0 / sqrt(dot(d, d) + zz);
    let slope = -vec3<f32>(d, zz) * (q * q * q);
    let residual = scale * abs(feature[s.row + k]) - alpha * q;
    squares += residual * residual;
    pull += residual * slope;
    along += q * slope;
    diagonal += slope * slope;
    mixed += slope.xxy * slope.yzz;
  }
  let over = 1.0 / s.nChannels;
  var e: Evaluation;
  e.value = squares * over - params.penalty * log(1.0 + 10.0 * z);
  e.alpha = alpha;
  e.gradient = -alpha * over * pull - vec3<f32>(0.0, 0.0, 5.0 * params.penalty * z / (1.0 + 10.0 * z));
  e.diagonal = alpha * alpha * over * (diagonal - free * along * along);
  e.diagonal.z += 2.0 * abs(e.gradient.z);
  e.mixed = alpha * alpha * over * (mixed - free * along.xxy * along.yzz);
  return e;
}

// The damped step; coordinates held at a bound stay. Cholesky of the matrix scaled to a unit diagonal.
fn dampedStep(e: Evaluation, held: vec3<bool>, damping: f32) -> vec3<f32> {
  let size = sqrt(max(e.diagonal, vec3<f32>(1e-18)));
  let right = select(-e.gradient / size, vec3<f32>(0.0), held);
  let unit = 1.0 + damping;
  let off = select(e.mixed / (size.xxy * size.yzz), vec3<f32>(0.0), held.xxy | held.yzz);
  let l00 = sqrt(unit);
  let l10 = off.x / l00;
  let l20 = off.y / l00;
  let l11 = sqrt(max(unit - l10 * l10, 1e-7));
  let l21 = (off.z - l20 * l10) / l11;
  let l22 = sqrt(max(unit - l20 * l20 - l21 * l21, 1e-7));
  let b0 = right.x / l00;
  let b1 = (right.y - l10 * b0) / l11;
  let s2 = (right.z - l20 * b0 - l21 * b1) / (l22 * l22);
  let s1 = (b1 - l21 * s2) / l11;
  let s0 = (b0 - l10 * s1 - l20 * s2) / l00;
  return vec3<f32>(s0, s1, s2) / size;
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.nSpikes) { return; }
  var s: Spike;
  s.row = id.x * params.nSlots;
  s.table = u32(channel[id.x]) * params.nSlots;
  // relative to the peak channel while summing, for the same precision anywhere on the probe
  let home = positionOf(channel[id.x]);
  var sum = 0.0;
  var moment = vec2<f32>(0.0);
  var usable = true;
  for (var k = 0u; k < params.nSlots; k++) {
    let c = slots[s.table + k];
    if (c < 0) { continue; }
    let u = abs(feature[s.row + k]);
    usable = usable && bitcast<u32>(u) < 0x7f800000u;  // by its bits: arithmetic may not look for NaN
    sum += u;
    moment += u * (positionOf(c) - home);
    s.largest = max(s.largest, u);
    s.nChannels += 1.0;
  }
  let out = 5u * id.x;
  if (!usable || s.largest == 0.0) {
    // a NaN literal is not allowed in WGSL; 0x7fc00000 is one
    for (var i = 0u; i < 5u; i++) { fit[out + i] = bitcast<f32>(0x7fc00000u + min(0u, params.nSpikes)); }
    return;
  }
  s.center = home + moment / sum;
  let high = vec3<f32>(params.maxDistanceUm, params.maxDistanceUm, log(10.0 * params.maxDistanceUm));
  let low = vec3<f32>(-high.xy, 0.0);
  var p = vec3<f32>(0.0, 0.0, min(log(startZUm), high.z));
  var now = evaluate(s, p);
  var damping = 1.0;
  for (var k = 0; k < maxSteps; k++) {
    let zero = vec3<f32>(0.0);
    let held = ((p <= low) & (now.gradient > zero)) | ((p >= high) & (now.gradient < zero));
    let step = dampedStep(now, held, damping);
    let reach = startZUm + exp(p.z);
    let shrink = 1.0 / max(1.0, max(max(abs(step.x), abs(step.y)) / reach, abs(step.z)));
    let next = clamp(p + shrink * step, low, high);
    let moved = abs(next - p);
    let trial = evaluate(s, next);
    if (trial.value <= now.value + slack) {
      p = next;
      now = trial;
      damping = max(damping / 3.0, 1e-6);
    } else {
      damping *= 3.0;
    }
    if (max(max(moved.x, moved.y), moved.z) < smallestStep) { break; }
  }
  fit[out] = s.center.x + p.x;
  fit[out + 1u] = s.center.y + p.y;
  fit[out + 2u] = exp(p.z);
  fit[out + 3u] = now.alpha * s.largest;
  fit[out + 4u] = now.value;
}
