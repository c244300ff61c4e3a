// Gradient of shiftDepths with respect to the smoothed motion. Formula and source: src/core/shiftDepths.ts
// One thread per (level, time bin) gathers the spikes of its bin, so there are no atomics and the order is fixed.

struct Params {
  nLevels: u32,
  nTimes: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> outGrad: array<f32>;    // [N]
@group(0) @binding(2) var<storage, read> depth: array<f32>;      // [N]
@group(0) @binding(3) var<storage, read> order: array<i32>;      // [N] spikes, bin by bin
@group(0) @binding(4) var<storage, read> binStart: array<i32>;   // [T + 1]
@group(0) @binding(5) var<storage, read_write> grad: array<f32>; // [K, T]

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.nLevels * params.nTimes) { return; }
  let level = id.x / params.nTimes;
  let t = id.x % params.nTimes;
  let gaps = max(1.0, f32(params.nLevels) - 1.0);
  let reach = 1.0 / gaps + 1e-3;
  var sum = 0.0;
  for (var i = binStart[t]; i < binStart[t + 1u]; i++) {
    let n = order[i];
    let y = depth[n];
    var total = 1e-6;
    for (var k = 0u; k < params.nLevels; k++) {
      total += max(0.0, reach - abs(y - f32(k) / gaps));
    }
    sum += max(0.0, reach - abs(y - f32(level) / gaps)) / total * outGrad[n];
  }
  grad[id.x] = sum;
}
