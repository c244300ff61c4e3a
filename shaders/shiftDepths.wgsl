// MEDiCINe's motion at spikes, added to their depth with this step's noise. Formula and source: src/core/shiftDepths.ts
// One thread per spike; depths in units of the depth range.

struct Params {
  nSpikes: u32,
  nLevels: u32,
  nTimes: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> smoothed: array<f32>;       // [K, T]
@group(0) @binding(2) var<storage, read> timeBin: array<i32>;        // [N]
@group(0) @binding(3) var<storage, read> depth: array<f32>;          // [N]
@group(0) @binding(4) var<storage, read> noise: array<f32>;          // [N]
@group(0) @binding(5) var<storage, read_write> shifted: array<f32>;  // [N]

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.nSpikes) { return; }
  let y = depth[id.x];
  let gaps = max(1.0, f32(params.nLevels) - 1.0);
  let reach = 1.0 / gaps + 1e-3;
  var total = 1e-6;
  var sum = 0.0;
  for (var k = 0u; k < params.nLevels; k++) {
    let w = max(0.0, reach - abs(y - f32(k) / gaps));
    total += w;
    sum += w * smoothed[k * params.nTimes + u32(timeBin[id.x])];
  }
  shifted[id.x] = y + (sum / total + noise[id.x]);
}
