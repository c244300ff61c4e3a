// Back through the mean over tokens: every token has a tenth of the gradient. One thread per value of [N, 10, 128].
// See src/core/network/transformer.ts.

struct Params {
  nValues: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> joinedGrad: array<f32>;  // [N, 192], the first 128 are read
@group(0) @binding(2) var<storage, read_write> grad: array<f32>;  // [N, 10, 128]

@compute @workgroup_size(256, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.nValues) { return; }
  grad[id.x] = joinedGrad[(id.x / 1280u) * 192u + id.x % 128u] / 10.0;
}
