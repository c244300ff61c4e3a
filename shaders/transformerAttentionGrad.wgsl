// Back through attention: the gradient of q, k and v from that of the context. A workgroup is a spike; a thread is first one
// (head, query), then one (head, key). See attentionBackward in src/core/network/transformerParts.ts.

struct Params {
  threshold: u32,  // dropout as in transformerProduct.wgsl
  keptScale: f32,
  seed: u32,
  firstRow: u32,
  place: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> contextGrad: array<vec4<f32>>;   // [N, 10, 32]
@group(0) @binding(2) var<storage, read> qkv: array<vec4<f32>>;           // [N, 10, 96]
@group(0) @binding(3) var<storage, read> probabilities: array<f32>;       // [N, 8, 10, 10] before dropout
@group(0) @binding(4) var<storage, read_write> qkvGrad: array<vec4<f32>>; // [N, 10, 96]

var<workgroup> scoreGrads: array<f32, 800>; // [8 heads, 10 queries, 10 keys]
var<workgroup> masked: array<f32, 800>;     // probabilities after dropout

@compute @workgroup_size(80, 1, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  let spike = group.x;
  let head = local.x / 10u;
  let token = local.x % 10u;
  let own = spike * 960u + head * 4u;
  let ofContext = spike * 320u + head * 4u;
  let c = ofContext + token * 32u;
  var grads: array<f32, 10>;
  var along = 0.0;
  for (var j = 0u; j < 10u; j++) {
    let unit = local.x * 10u + j;
    let v = own + j * 96u + 64u;
    let p = probabilities[spike * 800u + unit];
    let factor = keptUnit(params.place, spike, unit);
    masked[unit] = p * factor;
    grads[j] = factor * (dot(contextGrad[c], qkv[v]) + dot(contextGrad[c + 1u], qkv[v + 1u])
      + dot(contextGrad[c + 2u], qkv[v + 2u]) + dot(contextGrad[c + 3u], qkv[v + 3u]));
    along += p * grads[j];
  }
  var qGrad: array<vec4<f32>, 4>;
  for (var j = 0u; j < 10u; j++) {
    let unit = local.x * 10u + j;
    let score = 0.25 * probabilities[spike * 800u + unit] * (grads[j] - along);
    scoreGrads[unit] = score;
    let k = own + j * 96u + 32u;
    for (var d = 0u; d < 4u; d++) { qGrad[d] += score * qkv[k + d]; }
  }
  workgroupBarrier();
  var kGrad: array<vec4<f32>, 4>;
  var vGrad: array<vec4<f32>, 4>;
  for (var i = 0u; i < 10u; i++) {
    let unit = (head * 10u + i) * 10u + token;
    for (var d = 0u; d < 4u; d++) {
      kGrad[d] += scoreGrads[unit] * qkv[own + i * 96u + d];
      vGrad[d] += masked[unit] * contextGrad[ofContext + i * 32u + d];
    }
  }
  let at = own + token * 96u;
  for (var d = 0u; d < 4u; d++) {
    qkvGrad[at + d] = qGrad[d];
    qkvGrad[at + 32u + d] = kGrad[d];
    qkvGrad[at + 64u + d] = vGrad[d];
  }
}
