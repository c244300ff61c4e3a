// Partial gradients of the weights and biases of one layer of the CNN, over one share of all (spike, step) pairs:
//   partial[r, (c, k)] = Σ_n Σ_t outGrad[n, r, t] · x[n, c, t + k − ⌊taps/2⌋],  then the bias of each r, whose input counts as 1
// See convolveBackward in src/core/network/cnnLayers.ts; blocks as in cnnProduct.wgsl, here over [nOut, nIn·taps + 1].
// Workgroup z takes pairs [z·share, (z + 1)·share); sumPartials.wgsl adds the copies in a fixed order.

struct Params {
  nSpikes: u32,
  nIn: u32,
  nOut: u32,
  taps: u32,
  steps: u32,
  share: u32,  // a multiple of 16
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;              // [N, nIn, T]
@group(0) @binding(2) var<storage, read> outGrad: array<f32>;        // [N, nOut, T]
@group(0) @binding(3) var<storage, read_write> partials: array<f32>; // [shares, nOut·nIn·taps + nOut]

var<workgroup> left: array<vec4<f32>, 272>;  // [16 places, 16 fours of rows], one spare per line against bank conflicts
var<workgroup> right: array<vec4<f32>, 272>; // [16 places, 16 fours of weights]

fn gradAt(spike: u32, step: u32, row: u32) -> f32 {
  if (row >= params.nOut) { return 0.0; }
  return outGrad[(spike * params.nOut + row) * params.steps + step];
}

// The input that weight (channel, tap) meets; the bias, one channel past the last, meets 1.
fn inputAt(spike: u32, step: u32, channel: u32, shift: i32) -> f32 {
  let t = i32(step) + shift;
  if (channel >= params.nIn) { return 1.0; }
  if (t < 0 || t >= i32(params.steps)) { return 0.0; }
  return x[(spike * params.nIn + channel) * params.steps + u32(t)];
}

@compute @workgroup_size(16, 16, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  let weight0 = group.x * 64u;
  let row0 = group.y * 64u;
  let lane = local.y * 16u + local.x;
  let high = lane / 16u;
  let low = lane % 16u;
  // neighbouring threads read neighbouring numbers: along time in a trace, along the units of a linear layer
  let ofLinear = params.steps == 1u;
  let four = select(high, low, ofLinear);
  let inSlice = select(low, high, ofLinear);
  let row = row0 + 4u * four;
  let own = weight0 + 4u * four + vec4<u32>(0u, 1u, 2u, 3u);
  let channels = own / params.taps;
  let shifts = vec4<i32>(own % params.taps) - i32(params.taps / 2u);
  let end = min(params.nSpikes * params.steps, (group.z + 1u) * params.share);
  var acc: array<vec4<f32>, 4>;
  for (var place0 = group.z * params.share; place0 < end; place0 += 16u) {
    let place = place0 + inSlice;
    let spike = place / params.steps;
    let step = place - spike * params.steps;
    var grads = vec4<f32>();
    var inputs = vec4<f32>();
    if (place < end) {
      grads = vec4<f32>(
        gradAt(spike, step, row), gradAt(spike, step, row + 1u), gradAt(spike, step, row + 2u), gradAt(spike, step, row + 3u));
      inputs = vec4<f32>(
        inputAt(spike, step, channels.x, shifts.x),
        inputAt(spike, step, channels.y, shifts.y),
        inputAt(spike, step, channels.z, shifts.z),
        inputAt(spike, step, channels.w, shifts.w),
      );
    }
    left[inSlice * 17u + four] = grads;
    right[inSlice * 17u + four] = inputs;
    workgroupBarrier();
    for (var k = 0u; k < 16u; k++) {
      let g = left[k * 17u + local.y];
      let v = right[k * 17u + local.x];
      acc[0] += g.x * v;
      acc[1] += g.y * v;
      acc[2] += g.z * v;
      acc[3] += g.w * v;
    }
    workgroupBarrier();
  }
  let nWeights = params.nIn * params.taps;
  let nValues = params.nOut * (nWeights + 1u);
  for (var i = 0u; i < 4u; i++) {
    for (var j = 0u; j < 4u; j++) {
      let r = row0 + local.y * 4u + i;
      let w = weight0 + local.x * 4u + j;
      if (r < params.nOut && w <= nWeights) {
        let at = select(r * nWeights + w, params.nOut * nWeights + r, w == nWeights);
        partials[group.z * nValues + at] = acc[i][j];
      }
    }
  }
}
