// Back through pool and GELU: the gradient of γ·ẑ + β at every step, and over one share of the spikes the sums that the
// normalisation's own gradient needs. Workgroup (channel, share). The larger of two steps has the gradient, the first of
// equals; see maxPool and normaliseBackward in src/core/network/cnnLayers.ts.

struct Params {
  nSpikes: u32,
  nChannels: u32,
  steps: u32,
  pooled: u32,
  share: u32,  // spikes per workgroup y
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> outGrad: array<f32>;          // [N, C, T'], T' = ⌊T/2⌋ where the block pools
@group(0) @binding(2) var<storage, read> z: array<f32>;                // [N, C, T]
@group(0) @binding(3) var<storage, read> norm: array<f32>;             // [C, 4] mean, 1/sd, γ, β
@group(0) @binding(4) var<storage, read_write> scaledGrad: array<f32>; // [N, C, T]
@group(0) @binding(5) var<storage, read_write> partials: array<f32>;   // [shares, C, 2]: Σ g, Σ g·ẑ

var<workgroup> firstSums: array<f32, 256>;
var<workgroup> secondSums: array<f32, 256>;

@compute @workgroup_size(256, 1, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  let channel = group.x;
  let mean = norm[4u * channel];
  let inverseSd = norm[4u * channel + 1u];
  let gamma = norm[4u * channel + 2u];
  let beta = norm[4u * channel + 3u];
  let first = group.y * params.share;
  let nOwn = min(params.nSpikes, first + params.share) - first;
  let width = 1u + params.pooled;
  let stepsOut = params.steps / width;
  let places = (params.steps + width - 1u) / width; // with the odd last step
  var sums = vec2<f32>();
  for (var i = local.x; i < nOwn * places; i += 256u) {
    let trace = (first + i / places) * params.nChannels + channel;
    let step = i % places;
    let at = trace * params.steps + step * width;
    if (step >= stepsOut) {
      scaledGrad[at] = 0.0;
      continue;
    }
    var zHat = (z[at] - mean) * inverseSd;
    var scaled = gamma * zHat + beta;
    var n = normal(scaled);
    var chosen = at;
    if (params.pooled == 1u) {
      let zHat2 = (z[at + 1u] - mean) * inverseSd;
      let scaled2 = gamma * zHat2 + beta;
      let n2 = normal(scaled2);
      if (scaled2 * n2.x > scaled * n.x) {
        zHat = zHat2;
        scaled = scaled2;
        n = n2;
        chosen = at + 1u;
      }
      scaledGrad[2u * at + 1u - chosen] = 0.0; // the other of the two
    }
    let g = outGrad[trace * stepsOut + step] * (n.x + scaled * n.y);
    scaledGrad[chosen] = g;
    sums += g * vec2<f32>(1.0, zHat);
  }
  firstSums[local.x] = sums.x;
  secondSums[local.x] = sums.y;
  workgroupBarrier();
  for (var stride = 128u; stride > 0u; stride >>= 1u) {
    if (local.x < stride) {
      firstSums[local.x] += firstSums[local.x + stride];
      secondSums[local.x] += secondSums[local.x + stride];
    }
    workgroupBarrier();
  }
  if (local.x == 0u) {
    let at = 2u * (group.y * params.nChannels + channel);
    partials[at] = firstSums[0];
    partials[at + 1u] = secondSums[0];
  }
}
