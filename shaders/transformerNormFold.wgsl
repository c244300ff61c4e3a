// Gradients of a LayerNorm's γ, β and of the weights behind it, from those by the normalised rows. With G[j, k] the gradient
// that transformerWeightGrad.wgsl left in the place of W and h[j] that of the bias:
//   ∂W[j, k] = G[j, k]·γ[k] + h[j]·β[k],  ∂γ[k] = Σ_j G[j, k]·W[j, k],  ∂β[k] = Σ_j h[j]·W[j, k]
// Workgroup x is one of the two norms of each encoder layer, a thread one k. See layerNorm in src/core/network/transformerParts.ts.

struct Params {
  layerStride: u32,   // parameters per encoder layer; the places below are those of the first
  inProjAt: u32,
  inProjBiasAt: u32,
  nInProj: u32,
  norm1At: u32,       // γ [128], then β [128]
  linear1At: u32,
  linear1BiasAt: u32,
  nLinear1: u32,
  norm2At: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> weights: array<f32>;           // flat parameters
@group(0) @binding(2) var<storage, read_write> weightGrad: array<f32>;  // their gradients

@compute @workgroup_size(128, 1, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  let layer = (group.x / 2u) * params.layerStride;
  let second = group.x % 2u == 1u;
  let weightsAt = layer + select(params.inProjAt, params.linear1At, second);
  let biasAt = layer + select(params.inProjBiasAt, params.linear1BiasAt, second);
  let normAt = layer + select(params.norm1At, params.norm2At, second);
  let n = select(params.nInProj, params.nLinear1, second);
  let k = local.x;
  let gamma = weights[normAt + k];
  let beta = weights[normAt + 128u + k];
  var sums = vec2<f32>();
  for (var j = 0u; j < n; j++) {
    let at = weightsAt + j * 128u + k;
    let g = weightGrad[at];
    let h = weightGrad[biasAt + j];
    sums += weights[at] * vec2<f32>(g, h);
    weightGrad[at] = g * gamma + h * beta;
  }
  weightGrad[normAt + k] = sums.x;
  weightGrad[normAt + 128u + k] = sums.y;
}
