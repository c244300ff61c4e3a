// Back through a LayerNorm, added to the gradient of the residual branch: grad += (ĝ − mean ĝ − x̂ · mean(ĝ·x̂)) / sd with
// ĝ = outGrad · γ. See layerNormBackward in src/core/network/transformerParts.ts. Rows and threads as in transformerMoments.wgsl.

struct Params {
  nRows: u32,
  gammaAt: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> outGrad: array<vec4<f32>>;    // [nRows, 32]
@group(0) @binding(2) var<storage, read> x: array<vec4<f32>>;          // [nRows, 32] what was normalised
@group(0) @binding(3) var<storage, read> moments: array<vec2<f32>>;    // [nRows] its mean and 1/sd
@group(0) @binding(4) var<storage, read> weights: array<f32>;          // flat parameters
@group(0) @binding(5) var<storage, read_write> grad: array<vec4<f32>>; // [nRows, 32]

var<workgroup> sums: array<f32, 256>;

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
  let four = local.x % 32u;
  let safe = min(r, params.nRows - 1u);
  let m = moments[safe];
  let hat = (x[safe * 32u + four] - m.x) * m.y;
  let k = params.gammaAt + 4u * four;
  let g = outGrad[safe * 32u + four] * vec4<f32>(weights[k], weights[k + 1u], weights[k + 2u], weights[k + 3u]);
  let mean = rowSum(local.x, g.x + g.y + g.z + g.w) / 128.0;
  let along = rowSum(local.x, dot(g, hat)) / 128.0;
  if (r < params.nRows) { grad[r * 32u + four] += m.y * (g - mean - hat * along); }
}
