// Gradient of activityFeatures with respect to the depth. See src/core/activityNetwork.ts. One thread per spike.

struct Params {
  nSpikes: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> featureGrad: array<f32>;     // [N, 14]
@group(0) @binding(2) var<storage, read> depth: array<f32>;           // [N]
@group(0) @binding(3) var<storage, read_write> depthGrad: array<f32>; // [N]

// Sine and cosine good to a float32 rounding: the built-ins promise only 2^-11. Cody-Waite reduction by pi/2 and the
// polynomials of Cephes' sinf/cosf. Returns (sin v, cos v).
fn sinCos(v: f32) -> vec2<f32> {
  let k = round(v * 0.6366197723675814);
  let r = ((v - k * 1.5703125) - k * 4.837512969970703e-4) - k * 7.549789954891882e-8;
  let z = r * r;
  let s = r + r * z * (-1.6666654611e-1 + z * (8.3321608736e-3 - z * 1.9515295891e-4));
  let c = 1.0 - 0.5 * z + z * z * (4.166664568298827e-2 + z * (-1.388731625493765e-3 + z * 2.443315711809948e-5));
  let quadrant = i32(k) & 3;
  let turned = select(vec2<f32>(s, c), vec2<f32>(c, -s), (quadrant & 1) == 1);
  return select(turned, -turned, (quadrant & 2) == 2);
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.nSpikes) { return; }
  let row = id.x * 14u;
  let y = depth[id.x];
  var sum = featureGrad[row];
  var frequency = 1.0;
  for (var f = 1u; f <= 6u; f++) {
    sum += featureGrad[row + f] * frequency * sinCos(frequency * y).y;
    frequency *= 2.0;
  }
  depthGrad[id.x] = sum;
}
