// MEDiCINe's contrastive loss on logits: value per workgroup and gradient per spike. See src/core/activityNetwork.ts
// One thread per spike; rows below nReal are real spikes, the rest drawn ones.
// Number budget: p in [0, 1], so a term is at most -log(1e-4) = 9.2 and a gradient at most 1/count.

struct Params {
  nSpikes: u32,
  nReal: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;           // [N]
@group(0) @binding(2) var<storage, read_write> logitGrad: array<f32>;  // [N]
@group(0) @binding(3) var<storage, read_write> partials: array<f32>;   // [workgroups, 2] real, drawn

var<workgroup> realSum: array<f32, 64>;
var<workgroup> fakeSum: array<f32, 64>;

@compute @workgroup_size(64, 1, 1)
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(workgroup_id) group: vec3<u32>,
) {
  realSum[local.x] = 0.0;
  fakeSum[local.x] = 0.0;
  if (id.x < params.nSpikes) {
    let p = 1.0 / (1.0 + exp(-logits[id.x]));
    if (id.x < params.nReal) {
      let count = f32(params.nReal);
      realSum[local.x] = -log(1e-4 + p) / count;
      logitGrad[id.x] = -p * (1.0 - p) / (1e-4 + p) / count;
    } else {
      let count = f32(params.nSpikes - params.nReal);
      fakeSum[local.x] = -log(1e-4 + 1.0 - p) / count;
      logitGrad[id.x] = p * (1.0 - p) / (1e-4 + 1.0 - p) / count;
    }
  }
  workgroupBarrier();
  for (var stride = 32u; stride > 0u; stride >>= 1u) {
    if (local.x < stride) {
      realSum[local.x] += realSum[local.x + stride];
      fakeSum[local.x] += fakeSum[local.x + stride];
    }
    workgroupBarrier();
  }
  if (local.x == 0u) {
    partials[2u * group.x] = realSum[0];
    partials[2u * group.x + 1u] = fakeSum[0];
  }
}
