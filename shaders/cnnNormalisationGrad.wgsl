// Gradient of z from that of γ·ẑ + β, in place: γ/sd · (g − mean g − ẑ · mean(g·ẑ)).
// One thread per value, striding over the threads launched. See normaliseBackward in src/core/network/cnnLayers.ts.

struct Params {
  nValues: u32,    // N·C·T
  nThreads: u32,
  nChannels: u32,
  steps: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> z: array<f32>;          // [N, C, T]
@group(0) @binding(2) var<storage, read> norm: array<f32>;       // [C, 4] mean, 1/sd, γ, β
@group(0) @binding(3) var<storage, read> means: array<f32>;      // [C, 2] of g and g·ẑ
@group(0) @binding(4) var<storage, read_write> grad: array<f32>; // [N, C, T] g, then that of z

@compute @workgroup_size(256, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  for (var i = id.x; i < params.nValues; i += params.nThreads) {
    let c = (i / params.steps) % params.nChannels;
    let inverseSd = norm[4u * c + 1u];
    let zHat = (z[i] - norm[4u * c]) * inverseSd;
    grad[i] = norm[4u * c + 2u] * inverseSd * (grad[i] - means[2u * c] - zHat * means[2u * c + 1u]);
  }
}
