// Sums of squares of `share` values each; sumPartials.wgsl adds them. See sumSquares in src/core/adam.ts
// One workgroup per share; its threads stride over it.

struct Params {
  nValues: u32,
  share: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<f32>;         // [nValues]
@group(0) @binding(2) var<storage, read_write> partials: array<f32>; // [shares]

var<workgroup> partial: array<f32, 256>;

@compute @workgroup_size(256, 1, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  let end = min(params.nValues, (group.x + 1u) * params.share);
  var sum = 0.0;
  for (var i = group.x * params.share + local.x; i < end; i += 256u) {
    sum += values[i] * values[i];
  }
  partial[local.x] = sum;
  workgroupBarrier();
  for (var stride = 128u; stride > 0u; stride >>= 1u) {
    if (local.x < stride) {
      partial[local.x] += partial[local.x + stride];
    }
    workgroupBarrier();
  }
  if (local.x == 0u) {
    partials[group.x] = partial[0];
  }
}
