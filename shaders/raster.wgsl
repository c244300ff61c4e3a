// Spikes into the cells of a picture: count and sum of a value per cell. Rules and source: src/core/raster.ts
// One thread per spike, striding over the grid of threads. Counts are exact to 2^32. Sums add floats through
// compare-and-exchange on their bits, so their order, hence the last bits, can differ between runs.

struct Params {
  firstSpike: u32,
  nSpikes: u32,  // one after the last
  nx: u32,
  ny: u32,
  xLow: f32,
  xHigh: f32,
  yLow: f32,
  yHigh: f32,
  hasValue: u32,
  nThreads: u32,  // threads launched, the stride
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;                   // [N]
@group(0) @binding(2) var<storage, read> y: array<f32>;                   // [N]
@group(0) @binding(3) var<storage, read> value: array<f32>;               // [N], or one unused number
@group(0) @binding(4) var<storage, read_write> cells: array<atomic<u32>>; // [2, ny, nx] counts, then bits of the sums; zero at start

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let kx = f32(params.nx) / (params.xHigh - params.xLow);
  let ky = f32(params.ny) / (params.yHigh - params.yLow);
  for (var n = params.firstSpike + id.x; n < params.nSpikes; n += params.nThreads) {
    let px = x[n];
    let py = y[n];
    if (!(px >= params.xLow && px <= params.xHigh && py >= params.yLow && py <= params.yHigh)) { continue; }
    let cx = min(params.nx - 1u, u32((px - params.xLow) * kx));
    let cy = min(params.ny - 1u, u32((py - params.yLow) * ky));
    let cell = cy * params.nx + cx;
    atomicAdd(&cells[cell], 1u);
    if (params.hasValue == 0u) { continue; }
    let slot = params.nx * params.ny + cell;
    var old = atomicLoad(&cells[slot]);
    loop {
      let sum = bitcast<u32>(bitcast<f32>(old) + value[n]);
      let result = atomicCompareExchangeWeak(&cells[slot], old, sum);
      if (result.exchanged) { break; }
      old = result.old_value;
    }
  }
}
