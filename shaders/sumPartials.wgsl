// total[at + i] = sum over s of partials[s, i], in the order of s. One thread per i.

struct Params {
  nPartials: u32,
  nValues: u32,
  at: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> partials: array<f32>;    // [nPartials, nValues]
@group(0) @binding(2) var<storage, read_write> total: array<f32>; // [at + nValues or more]

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.nValues) { return; }
  var sum = 0.0;
  for (var s = 0u; s < params.nPartials; s++) {
    sum += partials[s * params.nValues + id.x];
  }
  total[params.at + id.x] = sum;
}
