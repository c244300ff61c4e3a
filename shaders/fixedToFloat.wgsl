// Fixed-point sums as floats: value = cell / scale. One thread per cell, striding over the threads launched.

struct Params {
  nCells: u32,
  nThreads: u32,
  scale: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> cells: array<u32>;       // [nCells]
@group(0) @binding(2) var<storage, read_write> value: array<f32>; // [nCells]

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  for (var i = id.x; i < params.nCells; i += params.nThreads) {
    value[i] = f32(cells[i]) / params.scale;
  }
}
