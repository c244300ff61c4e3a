// Attention among the ten tokens of a spike: softmax(q·k/4) over keys, masked by dropout, times v. A workgroup is a spike, a
// thread one (head, query). See attentionProbabilities and attend in src/core/network/transformerParts.ts.

struct Params {
  threshold: u32,  // dropout as in transformerProduct.wgsl
  keptScale: f32,
  seed: u32,
  firstRow: u32,
  place: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> qkv: array<vec4<f32>>;             // [N, 10, 96]: q, k, v of 8 heads of 4 fours
@group(0) @binding(2) var<storage, read_write> probabilities: array<f32>;   // [N, 8, 10, 10] before dropout
@group(0) @binding(3) var<storage, read_write> context: array<vec4<f32>>;   // [N, 10, 32]

@compute @workgroup_size(80, 1, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  let spike = group.x;
  let head = local.x / 10u;
  let query = local.x % 10u;
  let own = spike * 960u + head * 4u; // of token 0; tokens are 96 apart, k and v 32 and 64 further
  let q = own + query * 96u;
  var scores: array<f32, 10>;
  var highest = -1e30;
  for (var j = 0u; j < 10u; j++) {
    let k = own + j * 96u + 32u;
    let score = 0.25 * (dot(qkv[q], qkv[k]) + dot(qkv[q + 1u], qkv[k + 1u]) + dot(qkv[q + 2u], qkv[k + 2u]) + dot(qkv[q + 3u], qkv[k + 3u]));
    scores[j] = score;
    highest = max(highest, score);
  }
  var total = 0.0;
  for (var j = 0u; j < 10u; j++) {
    scores[j] = exp(scores[j] - highest);
    total += scores[j];
  }
  var sums: array<vec4<f32>, 4>;
  for (var j = 0u; j < 10u; j++) {
    let unit = local.x * 10u + j;
    let p = scores[j] / total;
    probabilities[spike * 800u + unit] = p;
    let masked = p * keptUnit(params.place, spike, unit);
    let v = own + j * 96u + 64u;
    for (var d = 0u; d < 4u; d++) { sums[d] += masked * qkv[v + d]; }
  }
  let at = spike * 320u + query * 32u + head * 4u;
  for (var d = 0u; d < 4u; d++) { context[at + d] = sums[d]; }
}
