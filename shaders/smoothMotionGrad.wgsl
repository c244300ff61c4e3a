// Gradient of smoothMotion with respect to the table; the subtracted mean counts as constant.
// Formula and source: src/core/smoothMotion.ts. One thread per (level, time bin).

struct Params {
  nLevels: u32,
  nTimes: u32,
  nTaps: u32,
  bound: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> table: array<f32>;      // [K, T]
@group(0) @binding(2) var<storage, read> taps: array<f32>;       // [nTaps]
@group(0) @binding(3) var<storage, read> outGrad: array<f32>;    // [K, T]
@group(0) @binding(4) var<storage, read_write> grad: array<f32>; // [K, T]

// Sum of the kernel inside the recording, at bin t.
fn weightAt(t: u32) -> f32 {
  var weight = taps[0];
  for (var i = 1u; i < params.nTaps; i++) {
    if (t >= i) { weight += taps[i]; }
    if (t + i < params.nTimes) { weight += taps[i]; }
  }
  return weight;
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let n = params.nTimes;
  if (id.x >= params.nLevels * n) { return; }
  let t = id.x % n;
  let row = id.x - t;
  var sum = taps[0] * outGrad[row + t] / weightAt(t);
  for (var i = 1u; i < params.nTaps; i++) {
    if (t >= i) { sum += taps[i] * outGrad[row + t - i] / weightAt(t - i); }
    if (t + i < n) { sum += taps[i] * outGrad[row + t + i] / weightAt(t + i); }
  }
  let s = tanh(table[id.x]);
  grad[id.x] = sum * params.bound * (1.0 - s * s);
}
