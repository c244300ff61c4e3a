// Gradients of γ and β from the sums of cnnActivationGrad.wgsl, and the two means that z's gradient needs.
// One thread per channel. See normaliseBackward in src/core/network/cnnLayers.ts.

struct Params {
  nChannels: u32,
  nShares: u32,
  gammaAt: u32,  // in weightGrad
  betaAt: u32,
  count: f32,    // spikes × steps with the batch's own moments, whose shift and scale have no gradient; 0 with running ones
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> partials: array<f32>;         // [shares, C, 2]: Σ g, Σ g·ẑ
@group(0) @binding(2) var<storage, read_write> weightGrad: array<f32>; // [P]
@group(0) @binding(3) var<storage, read_write> means: array<f32>;      // [C, 2] of g and g·ẑ; 0 with running moments

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let c = id.x;
  if (c >= params.nChannels) { return; }
  var sums = vec2<f32>();
  for (var s = 0u; s < params.nShares; s++) {
    let at = 2u * (s * params.nChannels + c);
    sums += vec2<f32>(partials[at], partials[at + 1u]);
  }
  weightGrad[params.betaAt + c] = sums.x;
  weightGrad[params.gammaAt + c] = sums.y;
  means[2u * c] = select(0.0, sums.x / params.count, params.count > 0.0);
  means[2u * c + 1u] = select(0.0, sums.y / params.count, params.count > 0.0);
}
