// Mean of each channel, and sum of squares about it, over one share of the spikes: workgroup (channel, share).
// cnnNormalisation.wgsl merges the shares. See channelMoments in src/core/network/cnnLayers.ts.

struct Params {
  nSpikes: u32,
  nChannels: u32,
  steps: u32,
  share: u32,  // spikes per workgroup y
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> z: array<f32>;              // [N, C, T]
@group(0) @binding(2) var<storage, read_write> partials: array<f32>; // [shares, C, 2]

var<workgroup> sums: array<f32, 256>;

fn total(own: f32, lane: u32) -> f32 {
  workgroupBarrier();
  sums[lane] = own;
  workgroupBarrier();
  for (var stride = 128u; stride > 0u; stride >>= 1u) {
    if (lane < stride) { sums[lane] += sums[lane + stride]; }
    workgroupBarrier();
  }
  return sums[0];
}

@compute @workgroup_size(256, 1, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  let first = group.y * params.share;
  let count = (min(params.nSpikes, first + params.share) - first) * params.steps;
  var sum = 0.0;
  for (var i = local.x; i < count; i += 256u) {
    sum += z[((first + i / params.steps) * params.nChannels + group.x) * params.steps + i % params.steps];
  }
  let mean = total(sum, local.x) / f32(count);
  var square = 0.0;
  for (var i = local.x; i < count; i += 256u) {
    let d = z[((first + i / params.steps) * params.nChannels + group.x) * params.steps + i % params.steps] - mean;
    square += d * d;
  }
  let about = total(square, local.x);
  if (local.x == 0u) {
    let at = 2u * (group.y * params.nChannels + group.x);
    partials[at] = mean;
    partials[at + 1u] = about;
  }
}
