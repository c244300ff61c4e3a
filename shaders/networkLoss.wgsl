// Loss of a network's output and its gradient. Formulas: src/core/network/types.ts, NetworkLoss, and loss.ts beside it.
// One thread per value; each workgroup gives one partial sum of the loss.

struct Params {
  nValues: u32,  // N·nOut
  nOut: u32,
  isSquare: u32, // 1: e²; 0: quadratic below β, linear above
  beta: f32,
  weight: f32,   // 1 / (spikes of the block · nOut)
  scale0: f32,
  scale1: f32,
  scale2: f32,
  scale3: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> out: array<f32>;            // [N, nOut]
@group(0) @binding(2) var<storage, read> wanted: array<f32>;         // [N, nOut]
@group(0) @binding(3) var<storage, read_write> outGrad: array<f32>;  // [N, nOut]
@group(0) @binding(4) var<storage, read_write> partials: array<f32>; // [workgroups]

var<workgroup> sums: array<f32, 256>;

@compute @workgroup_size(256, 1, 1)
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(workgroup_id) group: vec3<u32>,
) {
  var own = 0.0;
  if (id.x < params.nValues) {
    let scale = vec4<f32>(params.scale0, params.scale1, params.scale2, params.scale3)[id.x % params.nOut];
    let e = scale * (out[id.x] - wanted[id.x]);
    let curvature = select(1.0 / params.beta, 2.0, params.isSquare == 1u);
    let inside = params.isSquare == 1u || abs(e) < params.beta;
    own = select(abs(e) - 0.5 * params.beta, 0.5 * curvature * e * e, inside);
    outGrad[id.x] = params.weight * scale * select(sign(e), curvature * e, inside);
  }
  sums[local.x] = own;
  workgroupBarrier();
  for (var stride = 128u; stride > 0u; stride >>= 1u) {
    if (local.x < stride) { sums[local.x] += sums[local.x + stride]; }
    workgroupBarrier();
  }
  if (local.x == 0u) { partials[group.x] = params.weight * sums[0]; }
}
