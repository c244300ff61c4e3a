// Mean and 1/√(variance + ε) of each row of 128. See layerNorm in src/core/network/transformerParts.ts.
// A workgroup takes 8 rows, 32 threads each, 4 values per thread; first the mean, then the squares about it.

struct Params {
  nRows: u32,
  epsilon: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;             // [nRows, 32]
@group(0) @binding(2) var<storage, read_write> moments: array<vec2<f32>>; // [nRows]

var<workgroup> sums: array<f32, 256>;

// Σ over the 32 threads of a row.
fn rowSum(lane: u32, value: f32) -> f32 {
  workgroupBarrier();
  sums[lane] = value;
  workgroupBarrier();
  for (var stride = 16u; stride > 0u; stride >>= 1u) {
    if (lane % 32u < stride) { sums[lane] += sums[lane + stride]; }
    workgroupBarrier();
  }
  return sums[lane - lane % 32u];
}

@compute @workgroup_size(256, 1, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  let r = group.x * 8u + local.x / 32u;
  let v = x[min(r, params.nRows - 1u) * 32u + local.x % 32u];
  let mean = rowSum(local.x, v.x + v.y + v.z + v.w) / 128.0;
  let d = v - mean;
  let variance = rowSum(local.x, dot(d, d)) / 128.0;
  if (r < params.nRows && local.x % 32u == 0u) {
    moments[r] = vec2<f32>(mean, 1.0 / sqrt(variance + params.epsilon));
  }
}
