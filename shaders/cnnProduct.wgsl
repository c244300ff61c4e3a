// Every product with the CNN's weights, forwards and back: a convolution, its transpose, a linear layer and its transpose.
//   result[n, r, t] = Σ_c Σ_k W(r, c, k) · x[n, c, t + k − ⌊taps/2⌋]    W(r, c, k) at weightsAt + r·rowStride + c·channelStride + k·tapStride
// A linear layer has one step and one tap. Formulas: src/core/network/cnnLayers.ts, gelu.ts, dropout.ts.
// A workgroup of 16 × 16 threads makes 64 rows × 64 columns (n, t), 4 × 4 values per thread in registers; W and x pass through
// workgroup memory in slices of 16 pairs (c, k) (8.5 KiB). What lies outside loads as zero and is not stored.

struct Params {
  nSpikes: u32,
  nIn: u32,
  nOut: u32,
  taps: u32,
  steps: u32,
  weightsAt: u32,
  rowStride: u32,
  channelStride: u32,
  tapStride: i32,
  biasAt: u32,
  ending: u32,     // 0: nothing more; 1: + bias; 2: + bias, kept as `before`, then GELU and dropout; 3: times the slope of 2 at `before`
  threshold: u32,  // of dropout: a hash below it drops; 0 keeps all
  keptScale: f32,  // 1 / (1 − p)
  seed: u32,
  place: u32,
  firstRow: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;            // [N, nIn, T]
@group(0) @binding(2) var<storage, read> weights: array<f32>;      // flat parameters of the network, PyTorch's layout
@group(0) @binding(3) var<storage, read_write> before: array<f32>; // [N, nOut], with endings 2 and 3
@group(0) @binding(4) var<storage, read_write> result: array<f32>; // [N, nOut, T]

var<workgroup> left: array<vec4<f32>, 272>;  // [16 pairs, 16 fours of rows], one spare per line against bank conflicts
var<workgroup> right: array<vec4<f32>, 272>; // [16 pairs, 16 fours of columns]

fn weightAt(row: u32, first: u32) -> f32 {
  if (row >= params.nOut) { return 0.0; }
  return weights[first + row * params.rowStride];
}

fn inputAt(spike: u32, step: u32, channel: u32, shift: i32) -> f32 {
  let t = i32(step) + shift;
  if (spike >= params.nSpikes || t < 0 || t >= i32(params.steps)) { return 0.0; }
  return x[(spike * params.nIn + channel) * params.steps + u32(t)];
}

// W of four rows at one pair (channel, tap).
fn weightsAt(row: u32, pair: u32) -> vec4<f32> {
  let channel = pair / params.taps;
  if (channel >= params.nIn) { return vec4<f32>(); }
  let tap = i32(pair - channel * params.taps);
  let first = u32(i32(params.weightsAt + channel * params.channelStride) + tap * params.tapStride);
  return vec4<f32>(weightAt(row, first), weightAt(row + 1u, first), weightAt(row + 2u, first), weightAt(row + 3u, first));
}

// x of four columns, each a spike and a step of its trace, at one pair (channel, tap).
fn inputsAt(spikes: vec4<u32>, steps: vec4<u32>, pair: u32) -> vec4<f32> {
  let channel = pair / params.taps;
  if (channel >= params.nIn) { return vec4<f32>(); }
  let shift = i32(pair - channel * params.taps) - i32(params.taps / 2u);
  return vec4<f32>(
    inputAt(spikes.x, steps.x, channel, shift),
    inputAt(spikes.y, steps.y, channel, shift),
    inputAt(spikes.z, steps.z, channel, shift),
    inputAt(spikes.w, steps.w, channel, shift),
  );
}

fn put(row: u32, column: u32, sum: f32) {
  let spike = column / params.steps;
  if (row >= params.nOut || spike >= params.nSpikes) { return; }
  let at = (spike * params.nOut + row) * params.steps + column % params.steps;
  var value = sum;
  if (params.ending == 1u || params.ending == 2u) { value += weights[params.biasAt + row]; }
  if (params.ending == 2u) {
    before[at] = value;
    value *= normal(value).x * keptUnit(params.place, spike, row);
  }
  if (params.ending == 3u) {
    let n = normal(before[at]);
    value *= (n.x + before[at] * n.y) * keptUnit(params.place, spike, row);
  }
  result[at] = value;
}

@compute @workgroup_size(16, 16, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  let row0 = group.y * 64u;
  let column0 = group.x * 64u;
  let lane = local.y * 16u + local.x;
  let high = lane / 16u;
  let low = lane % 16u;
  // neighbouring threads read neighbouring numbers: along time in a trace, along the inputs of a linear layer
  let ofLinear = params.steps == 1u;
  let four = select(low, high, ofLinear);
  let inSlice = select(high, low, ofLinear);
  let columns = column0 + 4u * four + vec4<u32>(0u, 1u, 2u, 3u);
  let spikes = columns / params.steps;
  let steps = columns % params.steps;
  var acc: array<vec4<f32>, 4>;
  for (var pair0 = 0u; pair0 < params.nIn * params.taps; pair0 += 16u) {
    left[low * 17u + high] = weightsAt(row0 + 4u * high, pair0 + low);
    right[inSlice * 17u + four] = inputsAt(spikes, steps, pair0 + inSlice);
    workgroupBarrier();
    for (var k = 0u; k < 16u; k++) {
      let w = left[k * 17u + local.y];
      let v = right[k * 17u + local.x];
      acc[0] += w.x * v;
      acc[1] += w.y * v;
      acc[2] += w.z * v;
      acc[3] += w.w * v;
    }
    workgroupBarrier();
  }
  for (var i = 0u; i < 4u; i++) {
    for (var j = 0u; j < 4u; j++) {
      put(row0 + local.y * 4u + i, column0 + local.x * 4u + j, acc[i][j]);
    }
  }
}
