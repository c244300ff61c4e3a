// MEDiCINe's motion table, bounded, smoothed over time and centred. Formula and source: src/core/smoothMotion.ts
// One workgroup per level k; its 256 threads stride over the time bins, then subtract the level's mean.
// Number budget: |beta * tanh| <= beta, so sums of n_taps terms stay near 1.

struct Params {
  nLevels: u32,
  nTimes: u32,
  nTaps: u32,  // half kernel, centre first
  bound: f32,  // beta, in units of the depth range
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> table: array<f32>;        // [K, T]
@group(0) @binding(2) var<storage, read> taps: array<f32>;         // [nTaps]
@group(0) @binding(3) var<storage, read_write> smoothed: array<f32>; // [K, T]

var<workgroup> partial: array<f32, 256>;

@compute @workgroup_size(256, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let row = group.x * params.nTimes;
  let n = params.nTimes;
  var total = 0.0;
  for (var t = local.x; t < n; t += 256u) {
    var sum = taps[0] * params.bound * tanh(table[row + t]);
    var weight = taps[0];
    for (var i = 1u; i < params.nTaps; i++) {
      if (t >= i) {
        sum += taps[i] * params.bound * tanh(table[row + t - i]);
        weight += taps[i];
      }
      if (t + i < n) {
        sum += taps[i] * params.bound * tanh(table[row + t + i]);
        weight += taps[i];
      }
    }
    let value = sum / weight;
    smoothed[row + t] = value;
    total += value;
  }
  partial[local.x] = total;
  workgroupBarrier();
  for (var stride = 128u; stride > 0u; stride >>= 1u) {
    if (local.x < stride) {
      partial[local.x] += partial[local.x + stride];
    }
    workgroupBarrier();
  }
  let mean = partial[0] / f32(n);
  for (var t = local.x; t < n; t += 256u) { // each thread revisits only the bins it wrote
    smoothed[row + t] -= mean;
  }
}
