// GELU of the normalised trace, then the larger of each two steps where the block pools: one thread per value of the result,
// striding over the threads launched. See src/core/network/cnn.ts.

struct Params {
  nValues: u32,    // N·C·T'
  nThreads: u32,
  nChannels: u32,
  steps: u32,      // T
  pooled: u32,     // 1: T' = ⌊T/2⌋, an odd last step is left out; 0: T' = T
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> z: array<f32>;             // [N, C, T]
@group(0) @binding(2) var<storage, read> norm: array<f32>;          // [C, 4] mean, 1/sd, γ, β
@group(0) @binding(3) var<storage, read_write> result: array<f32>;  // [N, C, T']

fn activated(at: u32, channel: u32) -> f32 {
  let scaled = norm[4u * channel + 2u] * (z[at] - norm[4u * channel]) * norm[4u * channel + 1u] + norm[4u * channel + 3u];
  return scaled * normal(scaled).x;
}

@compute @workgroup_size(256, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let stepsOut = select(params.steps, params.steps / 2u, params.pooled == 1u);
  for (var i = id.x; i < params.nValues; i += params.nThreads) {
    let trace = i / stepsOut;
    let channel = trace % params.nChannels;
    let at = trace * params.steps + (i % stepsOut) * (1u + params.pooled);
    var value = activated(at, channel);
    if (params.pooled == 1u) { value = max(value, activated(at + 1u, channel)); }
    result[i] = value;
  }
}
