// Partial gradients of a dense layer's weights and bias: [x, 1]ᵀ·outGrad over one share of the rows.
// See denseBackwardWeights in src/core/activityNetwork.ts; blocks as in denseForward.wgsl, here over [nIn + 1, nOut].
// Workgroup z takes rows [z·share, (z + 1)·share) and writes its own copy of the flat gradient; sumPartials.wgsl adds
// the copies in a fixed order. Row nIn of a block is the bias: its input counts as 1.

struct Params {
  nRows: u32,
  nIn: u32,
  nOut: u32,
  weightsAt: u32,  // offset of the layer's weights (then bias) in the flat gradient
  nValues: u32,    // length of the flat gradient
  share: u32,      // rows per workgroup z, a multiple of 16
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;              // [nRows, nIn]
@group(0) @binding(2) var<storage, read> outGrad: array<f32>;        // [nRows, nOut]
@group(0) @binding(3) var<storage, read_write> partials: array<f32>; // [shares, nValues]

var<workgroup> left: array<f32, 1024>;  // [16 rows, 64 inputs]
var<workgroup> right: array<f32, 1024>; // [16 rows, 64 outputs]

@compute @workgroup_size(16, 16, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  let in0 = group.y * 64u;
  let out0 = group.x * 64u;
  let lane = local.y * 16u + local.x;
  let end = min(params.nRows, (group.z + 1u) * params.share);
  var acc: array<vec4<f32>, 4>;
  for (var r0 = group.z * params.share; r0 < end; r0 += 16u) {
    for (var i = lane; i < 1024u; i += 256u) {
      let r = r0 + i / 64u;
      let inside = r < end;
      let safe = min(r, params.nRows - 1u);
      let k = in0 + i % 64u;
      let value = select(1.0, x[safe * params.nIn + min(k, params.nIn - 1u)], k < params.nIn);
      left[i] = select(0.0, value, inside && k <= params.nIn);
      let c = out0 + i % 64u;
      right[i] = select(0.0, outGrad[safe * params.nOut + min(c, params.nOut - 1u)], inside && c < params.nOut);
    }
    workgroupBarrier();
    for (var r = 0u; r < 16u; r++) {
      let b = r * 64u + local.x * 4u;
      let g = vec4<f32>(right[b], right[b + 1u], right[b + 2u], right[b + 3u]);
      let a = r * 64u + local.y * 4u;
      acc[0] += left[a] * g;
      acc[1] += left[a + 1u] * g;
      acc[2] += left[a + 2u] * g;
      acc[3] += left[a + 3u] * g;
    }
    workgroupBarrier();
  }
  for (var i = 0u; i < 4u; i++) {
    let k = in0 + local.y * 4u + i;
    for (var j = 0u; j < 4u; j++) {
      let c = out0 + local.x * 4u + j;
      if (k <= params.nIn && c < params.nOut) {
        partials[group.z * params.nValues + params.weightsAt + k * params.nOut + c] = acc[i][j];
      }
    }
  }
}
