// The cells of raster.wgsl as floats: counts from integers, sums from their bits. One thread per cell.

struct Params {
  nCells: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> cells: array<u32>;       // [2, nCells]
@group(0) @binding(2) var<storage, read_write> count: array<f32>; // [nCells]
@group(0) @binding(3) var<storage, read_write> sum: array<f32>;   // [nCells]

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.nCells) { return; }
  count[id.x] = f32(cells[id.x]);
  sum[id.x] = bitcast<f32>(cells[params.nCells + id.x]);
}
