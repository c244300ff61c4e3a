// The mean over a spike's ten tokens, beside which the centroid's part has its place, and the z-scored centroid.
// One thread per value of a spike: 128 means, then x and y. See src/core/network/transformer.ts.

struct Params {
  nSpikes: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;           // [N, 10, 128]
@group(0) @binding(2) var<storage, read> centroids: array<f32>;   // [N, 2] µm
@group(0) @binding(3) var<storage, read> statistics: array<f32>;  // mean x, y, standard deviation x, y
@group(0) @binding(4) var<storage, read_write> joined: array<f32>; // [N, 192], the first 128 are written
@group(0) @binding(5) var<storage, read_write> scored: array<f32>; // [N, 2]

@compute @workgroup_size(256, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let spike = id.x / 130u;
  let k = id.x % 130u;
  if (spike >= params.nSpikes) { return; }
  if (k >= 128u) {
    let axis = k - 128u;
    scored[spike * 2u + axis] = (centroids[spike * 2u + axis] - statistics[axis]) / statistics[2u + axis];
    return;
  }
  var sum = 0.0;
  for (var token = 0u; token < 10u; token++) { sum += x[(spike * 10u + token) * 128u + k]; }
  joined[spike * 192u + k] = sum / 10.0;
}
