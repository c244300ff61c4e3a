// Gradient of a dense layer with respect to its input: outGrad·Wᵀ, zero where the input was rectified away.
// See denseBackwardInput in src/core/activityNetwork.ts; blocks as in denseForward.wgsl, here over [nRows, nIn].

struct Params {
  nRows: u32,
  nIn: u32,
  nOut: u32,
  weightsAt: u32,
  masked: u32,  // 1: gradient only where x > 0
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> outGrad: array<f32>;     // [nRows, nOut]
@group(0) @binding(2) var<storage, read> weights: array<f32>;     // flat parameters; W is [nIn, nOut]
@group(0) @binding(3) var<storage, read> x: array<f32>;           // [nRows, nIn]
@group(0) @binding(4) var<storage, read_write> grad: array<f32>;  // [nRows, nIn]

var<workgroup> left: array<f32, 1024>;  // [16 j, 64 rows]
var<workgroup> right: array<f32, 1024>; // [16 j, 64 inputs]

@compute @workgroup_size(16, 16, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  let row0 = group.y * 64u;
  let col0 = group.x * 64u;
  let lane = local.y * 16u + local.x;
  var acc: array<vec4<f32>, 4>;
  for (var j0 = 0u; j0 < params.nOut; j0 += 16u) {
    for (var i = lane; i < 1024u; i += 256u) {
      let j = j0 + i % 16u;
      let slot = (i % 16u) * 64u + i / 16u;
      let r = row0 + i / 16u;
      left[slot] = select(0.0, outGrad[min(r, params.nRows - 1u) * params.nOut + min(j, params.nOut - 1u)], r < params.nRows && j < params.nOut);
      let c = col0 + i / 16u;
      right[slot] = select(0.0, weights[params.weightsAt + min(c, params.nIn - 1u) * params.nOut + min(j, params.nOut - 1u)], c < params.nIn && j < params.nOut);
    }
    workgroupBarrier();
    for (var j = 0u; j < 16u; j++) {
      let b = j * 64u + local.x * 4u;
      let w = vec4<f32>(right[b], right[b + 1u], right[b + 2u], right[b + 3u]);
      let a = j * 64u + local.y * 4u;
      acc[0] += left[a] * w;
      acc[1] += left[a + 1u] * w;
      acc[2] += left[a + 2u] * w;
      acc[3] += left[a + 3u] * w;
    }
    workgroupBarrier();
  }
  for (var i = 0u; i < 4u; i++) {
    let r = row0 + local.y * 4u + i;
    for (var j = 0u; j < 4u; j++) {
      let c = col0 + local.x * 4u + j;
      if (r < params.nRows && c < params.nIn) {
        let at = r * params.nIn + c;
        grad[at] = select(acc[i][j], 0.0, params.masked == 1u && x[at] <= 0.0);
      }
    }
  }
}
