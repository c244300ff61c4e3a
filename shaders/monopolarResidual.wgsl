// How badly a point source explains the amplitudes around it, and its gradient. Formula: src/core/monopolarResidual.ts
// One thread takes one spike through its slots twice: for the best source amplitude, then for what it leaves.

struct Params {
  nSpikes: u32,
  nSlots: u32,
  leastZUm: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> offset: array<f32>;         // [nSpikes, 3] µm from the anchor
@group(0) @binding(2) var<storage, read> amplitude: array<f32>;      // [nSpikes, nSlots], below 0 for no contact
@group(0) @binding(3) var<storage, read> contactUm: array<f32>;      // [nSpikes, nSlots, 2] µm from the anchor
@group(0) @binding(4) var<storage, read_write> residual: array<f32>; // [nSpikes, 4] value, gradient along x, y, z

const largestFinite = 3.4028234e38;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let n = id.x;
  if (n >= params.nSpikes) { return; }
  let place = vec3<f32>(offset[3u * n], offset[3u * n + 1u], offset[3u * n + 2u]);
  let height = max(abs(place.z), params.leastZUm);
  let first = n * params.nSlots;
  var largest = 0.0;
  var qq = 0.0;
  var qa = 0.0;
  var nContacts = 0.0;
  var isWhole = true;
  for (var at = first; at < first + params.nSlots; at++) {
    let a = amplitude[at];
    if (!(a <= largestFinite)) { isWhole = false; }
    if (!(a >= 0.0)) { continue; }
    let d = vec3<f32>(place.xy - vec2<f32>(contactUm[2u * at], contactUm[2u * at + 1u]), height);
    let q = inverseSqrt(dot(d, d));
    qq += q * q;
    qa += q * a;
    largest = max(largest, a);
    nContacts += 1.0;
  }
  var value = 0.0;
  var pull = vec3<f32>(0.0);
  if (isWhole && largest > 0.0) {
    let alpha = qa / qq / largest;
    for (var at = first; at < first + params.nSlots; at++) {
      let a = amplitude[at];
      if (!(a >= 0.0)) { continue; }
      let d = vec3<f32>(place.xy - vec2<f32>(contactUm[2u * at], contactUm[2u * at + 1u]), height);
      let q = inverseSqrt(dot(d, d));
      let left = a / largest - alpha * q;
      value += left * left;
      pull += left * q * q * q * vec3<f32>(d.xy, place.z);
    }
    value /= nContacts;
    pull *= 2.0 * alpha / nContacts;
    if (abs(place.z) <= params.leastZUm) { pull.z = 0.0; }
  }
  residual[4u * n] = value;
  residual[4u * n + 1u] = pull.x;
  residual[4u * n + 2u] = pull.y;
  residual[4u * n + 3u] = pull.z;
}
