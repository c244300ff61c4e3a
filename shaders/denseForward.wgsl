// out = x·W + b, rectified when asked. See denseForward in src/core/activityNetwork.ts.
// A workgroup of 16 × 16 threads makes a 64 × 64 block of out, 4 × 4 values per thread in registers; x and W pass through
// workgroup memory in slices of 16 along nIn (8 KiB). Cells outside the matrices load as zero and are not stored.

struct Params {
  nRows: u32,
  nIn: u32,
  nOut: u32,
  weightsAt: u32,  // offset of W [nIn, nOut] in weights
  biasAt: u32,     // offset of b [nOut]
  rectify: u32,    // 1: max(0, ·)
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;           // [nRows, nIn]
@group(0) @binding(2) var<storage, read> weights: array<f32>;     // flat parameters of the network
@group(0) @binding(3) var<storage, read_write> result: array<f32>; // [nRows, nOut]

var<workgroup> left: array<f32, 1024>;  // [16 k, 64 rows]
var<workgroup> right: array<f32, 1024>; // [16 k, 64 columns]

@compute @workgroup_size(16, 16, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  let row0 = group.y * 64u;
  let col0 = group.x * 64u;
  let lane = local.y * 16u + local.x;
  var acc: array<vec4<f32>, 4>;
  for (var k0 = 0u; k0 < params.nIn; k0 += 16u) {
    for (var i = lane; i < 1024u; i += 256u) {
      let r = row0 + i / 16u;
      let k = k0 + i % 16u;
      left[(i % 16u) * 64u + i / 16u] = select(0.0, x[min(r, params.nRows - 1u) * params.nIn + min(k, params.nIn - 1u)], r < params.nRows && k < params.nIn);
      let kk = k0 + i / 64u;
      let c = col0 + i % 64u;
      right[i] = select(0.0, weights[params.weightsAt + min(kk, params.nIn - 1u) * params.nOut + min(c, params.nOut - 1u)], kk < params.nIn && c < params.nOut);
    }
    workgroupBarrier();
    for (var k = 0u; k < 16u; k++) {
      let b = k * 64u + local.x * 4u;
      let w = vec4<f32>(right[b], right[b + 1u], right[b + 2u], right[b + 3u]);
      let a = k * 64u + local.y * 4u;
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
      if (r < params.nRows && c < params.nOut) {
        let value = acc[i][j] + weights[params.biasAt + c];
        result[r * params.nOut + c] = select(value, max(0.0, value), params.rectify == 1u);
      }
    }
  }
}
