// Gradient of softHistogram with respect to positions. Formula and source: src/core/softHistogram.ts
// One thread per spike gathers its taps; taps outside the grid give nothing.

struct Params {
  nSpikes: u32,
  nx: u32,
  ny: u32,
  radius: i32,
  x0: f32,
  y0: f32,
  pitchUm: f32,
  sigmaUm: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> xUm: array<f32>;         // [N]
@group(0) @binding(2) var<storage, read> yUm: array<f32>;         // [N]
@group(0) @binding(3) var<storage, read> bin: array<i32>;         // [N]
@group(0) @binding(4) var<storage, read> outGrad: array<f32>;     // [nBins, nx, ny]
@group(0) @binding(5) var<storage, read_write> grad: array<f32>;  // [2, N]: x, then y

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.nSpikes) { return; }
  let px = xUm[id.x];
  let py = yUm[id.x];
  var gx = 0.0;
  var gy = 0.0;
  if (abs(px) < 1e9 && abs(py) < 1e9) {
    let i0 = i32(round((px - params.x0) / params.pitchUm)) - params.radius;
    let j0 = i32(round((py - params.y0) / params.pitchUm)) - params.radius;
    for (var a = 0; a <= 2 * params.radius; a++) {
      let i = i0 + a;
      if (i < 0 || i >= i32(params.nx)) { continue; }
      let dx = (px - (params.x0 + f32(i) * params.pitchUm)) / params.sigmaUm;
      let row = (bin[id.x] * i32(params.nx) + i) * i32(params.ny);
      for (var b = 0; b <= 2 * params.radius; b++) {
        let j = j0 + b;
        if (j < 0 || j >= i32(params.ny)) { continue; }
        let dy = (py - (params.y0 + f32(j) * params.pitchUm)) / params.sigmaUm;
        let g = outGrad[row + j] * exp(-0.5 * (dx * dx + dy * dy)) / params.sigmaUm;
        gx -= g * dx;
        gy -= g * dy;
      }
    }
  }
  grad[id.x] = gx;
  grad[params.nSpikes + id.x] = gy;
}
