// What each channel is normalised by, ẑ = (z − mean)/sd and then γ·ẑ + β, and the running moments after the batch.
// Moments of the batch: shares merged two at a time without a difference of large numbers (Chan, Golub and LeVeque 1983).
// One thread per channel. See momentsFor in src/core/network/cnn.ts.

struct Params {
  nSpikes: u32,
  nChannels: u32,
  steps: u32,
  share: u32,       // spikes per share
  nShares: u32,
  ofBatch: u32,     // 0: by the running moments, which stay
  meanAt: u32,      // of the running mean in statistics, and of the variance
  varianceAt: u32,
  gammaAt: u32,     // in weights
  betaAt: u32,
  epsilon: f32,
  momentum: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> partials: array<f32>;        // [shares, C, 2] of cnnMoments.wgsl, with ofBatch
@group(0) @binding(2) var<storage, read> statistics: array<f32>;      // [S]
@group(0) @binding(3) var<storage, read> weights: array<f32>;         // flat parameters
@group(0) @binding(4) var<storage, read_write> after: array<f32>;     // [S], the part of this layer
@group(0) @binding(5) var<storage, read_write> norm: array<f32>;      // [C, 4]: mean, 1/sd, γ, β

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let c = id.x;
  if (c >= params.nChannels) { return; }
  let runningMean = statistics[params.meanAt + c];
  let runningVariance = statistics[params.varianceAt + c];
  var mean = runningMean;
  var variance = runningVariance;
  after[params.meanAt + c] = runningMean;
  after[params.varianceAt + c] = runningVariance;
  if (params.ofBatch == 1u) {
    mean = 0.0;
    var about = 0.0;
    var count = 0.0;
    for (var s = 0u; s < params.nShares; s++) {
      let own = f32((min(params.nSpikes, (s + 1u) * params.share) - s * params.share) * params.steps);
      let at = 2u * (s * params.nChannels + c);
      let apart = partials[at] - mean;
      count += own;
      about += partials[at + 1u] + apart * apart * (count - own) * own / count;
      mean += apart * own / count;
    }
    variance = about / count;
    after[params.meanAt + c] = (1.0 - params.momentum) * runningMean + params.momentum * mean;
    after[params.varianceAt + c] = (1.0 - params.momentum) * runningVariance + params.momentum * about / (count - 1.0);
  }
  norm[4u * c] = mean;
  norm[4u * c + 1u] = 1.0 / sqrt(variance + params.epsilon);
  norm[4u * c + 2u] = weights[params.gammaAt + c];
  norm[4u * c + 3u] = weights[params.betaAt + c];
}
