// Spatial entropy of each bin of a histogram, and its gradient. Formulas: src/core/histogramLosses.ts, meanEntropy.
// One workgroup per bin; its threads stride over the voxels three times: mass, sums, gradient.

struct Params {
  nVoxels: u32,
  nValid: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> histogram: array<f32>;     // [T, V] sums of weights
@group(0) @binding(2) var<storage, read> valid: array<f32>;         // [T] 0 or 1
@group(0) @binding(3) var<storage, read_write> entropy: array<f32>; // [T] nats; 0 where a bin is not valid
@group(0) @binding(4) var<storage, read_write> grad: array<f32>;    // [T, V] of the mean over nValid bins

const epsilon = 1e-8;
const massFloor = 1e-8;

var<workgroup> firstSums: array<f32, 256>;
var<workgroup> secondSums: array<f32, 256>;

// Sums of both over the workgroup, in a fixed order.
fn total(own: vec2<f32>, lane: u32) -> vec2<f32> {
  workgroupBarrier();
  firstSums[lane] = own.x;
  secondSums[lane] = own.y;
  workgroupBarrier();
  for (var stride = 128u; stride > 0u; stride >>= 1u) {
    if (lane < stride) {
      firstSums[lane] += firstSums[lane + stride];
      secondSums[lane] += secondSums[lane + stride];
    }
    workgroupBarrier();
  }
  return vec2<f32>(firstSums[0], secondSums[0]);
}

@compute @workgroup_size(256, 1, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  let row = group.x * params.nVoxels;
  let taken = select(0.0, 1.0, valid[group.x] != 0.0);
  var sum = 0.0;
  for (var k = local.x; k < params.nVoxels; k += 256u) {
    sum += histogram[row + k];
  }
  let mass = max(total(vec2<f32>(sum, 0.0), local.x).x, massFloor);
  var sums = vec2<f32>();
  for (var k = local.x; k < params.nVoxels; k += 256u) {
    let p = histogram[row + k] / mass;
    sums += p * vec2<f32>(log(p + epsilon), p / (p + epsilon));
  }
  let both = total(sums, local.x);
  let mean = -both.x - both.y;
  let scale = taken / (mass * params.nValid);
  for (var k = local.x; k < params.nVoxels; k += 256u) {
    let p = histogram[row + k] / mass;
    grad[row + k] = (-log(p + epsilon) - p / (p + epsilon) - mean) * scale;
  }
  if (local.x == 0u) {
    entropy[group.x] = -both.x * taken;
  }
}
