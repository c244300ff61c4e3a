// DREDge's correlation of a tile of pairs: for template i and frame j the largest c over all lags and the first lag that has
// it. The formula: src/core/dredge/crossCorrelation.ts; scales and offsets: dredgeMoments.wgsl.
// A workgroup takes 32 × 32 pairs and a thread 2 × 2 of them, 16 lags at a time: 64 sums in registers. Stretches of 32 bins of
// the templates and the 48 of the frames that they meet at these lags pass through workgroup memory (11 KiB). Four bins of a
// template against five quads of a frame make 256 products in a thread from 4 quads read. Nothing but C and lags is written.

struct Params {
  nDepths: u32,
  nRows: u32,
  nColumns: u32,
  firstRow: u32,
  firstColumn: u32,
  start: u32,   // first bin of a template, and its bins
  length: u32,
  low: u32,     // first bin of a frame, its bins, and the zeros before them
  inside: u32,
  pad: u32,
  nLags: u32,
  nPadded: u32, // lags in the tables: whole runs of 16
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> raster: array<f32>;              // [nTimes, nDepths]
@group(0) @binding(2) var<storage, read> weights: array<f32>;             // [nDepths]
@group(0) @binding(3) var<storage, read> shifts: array<f32>;              // [nRows + nColumns]
@group(0) @binding(4) var<storage, read> scales: array<vec4<f32>>;        // [nRows + nColumns, nPadded/4]
@group(0) @binding(5) var<storage, read> offsets: array<vec4<f32>>;       // [nRows + nColumns, nPadded/4]
@group(0) @binding(6) var<storage, read_write> correlation: array<f32>;   // [nRows, nColumns]
@group(0) @binding(7) var<storage, read_write> bestLag: array<i32>;       // [nRows, nColumns]

// an odd number of quads to a row: neighbouring threads read different banks
var<workgroup> templates: array<vec4<f32>, 288>; // [32, 8 + 1]
var<workgroup> frames: array<vec4<f32>, 416>;    // [32, 12 + 1]

fn templateBin(row: u32, k: u32) -> f32 {
  if (row >= params.nRows || k >= params.length) { return 0.0; }
  let d = params.start + k;
  return weights[d] * (raster[(params.firstRow + row) * params.nDepths + d] - shifts[row]);
}

fn frameBin(column: u32, t: u32) -> f32 {
  if (column >= params.nColumns || t < params.pad || t >= params.pad + params.inside) { return 0.0; }
  let d = params.low + t - params.pad;
  return raster[(params.firstColumn + column) * params.nDepths + d] - shifts[params.nRows + column];
}

// Four bins of a template times a frame's at four lags: u holds the first four, v the next.
fn slide(a: vec4<f32>, u: vec4<f32>, v: vec4<f32>) -> vec4<f32> {
  return a.x * u + a.y * vec4<f32>(u.yzw, v.x) + a.z * vec4<f32>(u.zw, v.xy) + a.w * vec4<f32>(u.w, v.xyz);
}

struct Sums { // of one pair at 16 lags
  a: vec4<f32>,
  b: vec4<f32>,
  c: vec4<f32>,
  d: vec4<f32>,
}

struct Best {
  c: f32,
  lag: i32,
}

fn best4(best: Best, sums: vec4<f32>, row: u32, column: u32, lag: u32) -> Best {
  let i = (row * params.nPadded + lag) / 4u;
  let j = ((params.nRows + column) * params.nPadded + lag) / 4u;
  let c = sums * scales[i] * scales[j] - offsets[i] * offsets[j];
  var found = best;
  if (c.x > found.c && lag < params.nLags) { found = Best(c.x, i32(lag)); }
  if (c.y > found.c && lag + 1u < params.nLags) { found = Best(c.y, i32(lag + 1u)); }
  if (c.z > found.c && lag + 2u < params.nLags) { found = Best(c.z, i32(lag + 2u)); }
  if (c.w > found.c && lag + 3u < params.nLags) { found = Best(c.w, i32(lag + 3u)); }
  return found;
}

fn best16(best: Best, sums: Sums, row: u32, column: u32, lag: u32) -> Best {
  if (row >= params.nRows || column >= params.nColumns) { return best; }
  let a = best4(best, sums.a, row, column, lag);
  let b = best4(a, sums.b, row, column, lag + 4u);
  let c = best4(b, sums.c, row, column, lag + 8u);
  return best4(c, sums.d, row, column, lag + 12u);
}

fn keep(best: Best, row: u32, column: u32) {
  if (row >= params.nRows || column >= params.nColumns) { return; }
  correlation[row * params.nColumns + column] = best.c;
  bestLag[row * params.nColumns + column] = best.lag;
}

@compute @workgroup_size(16, 16, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  let thread = local.y * 16u + local.x;
  let row = group.y * 32u + local.y;
  let column = group.x * 32u + local.x;
  var best00 = Best(-1e30, 0);
  var best01 = best00;
  var best10 = best00;
  var best11 = best00;
  for (var lag = 0u; lag < params.nLags; lag += 16u) {
    var s00 = Sums();
    var s01 = Sums();
    var s10 = Sums();
    var s11 = Sums();
    for (var k = 0u; k < params.length; k += 32u) {
      workgroupBarrier();
      {
        let r = thread / 8u;
        let at = k + thread % 8u * 4u;
        let i = group.y * 32u + r;
        templates[r * 9u + thread % 8u] =
          vec4<f32>(templateBin(i, at), templateBin(i, at + 1u), templateBin(i, at + 2u), templateBin(i, at + 3u));
      }
      for (var quad = thread; quad < 384u; quad += 256u) {
        let r = quad / 12u;
        let at = k + lag + quad % 12u * 4u;
        let j = group.x * 32u + r;
        frames[r * 13u + quad % 12u] =
          vec4<f32>(frameBin(j, at), frameBin(j, at + 1u), frameBin(j, at + 2u), frameBin(j, at + 3u));
      }
      workgroupBarrier();
      let a0 = local.y * 9u;
      let a1 = a0 + 16u * 9u;
      let x0 = local.x * 13u;
      let x1 = x0 + 16u * 13u;
      var u0 = frames[x0];
      var u1 = frames[x0 + 1u];
      var u2 = frames[x0 + 2u];
      var u3 = frames[x0 + 3u];
      var v0 = frames[x1];
      var v1 = frames[x1 + 1u];
      var v2 = frames[x1 + 2u];
      var v3 = frames[x1 + 3u];
      for (var q = 0u; q < 8u; q++) {
        let p0 = templates[a0 + q];
        let p1 = templates[a1 + q];
        let u4 = frames[x0 + q + 4u];
        let v4 = frames[x1 + q + 4u];
        s00.a += slide(p0, u0, u1);
        s00.b += slide(p0, u1, u2);
        s00.c += slide(p0, u2, u3);
        s00.d += slide(p0, u3, u4);
        s10.a += slide(p1, u0, u1);
        s10.b += slide(p1, u1, u2);
        s10.c += slide(p1, u2, u3);
        s10.d += slide(p1, u3, u4);
        s01.a += slide(p0, v0, v1);
        s01.b += slide(p0, v1, v2);
        s01.c += slide(p0, v2, v3);
        s01.d += slide(p0, v3, v4);
        s11.a += slide(p1, v0, v1);
        s11.b += slide(p1, v1, v2);
        s11.c += slide(p1, v2, v3);
        s11.d += slide(p1, v3, v4);
        u0 = u1;
        u1 = u2;
        u2 = u3;
        u3 = u4;
        v0 = v1;
        v1 = v2;
        v2 = v3;
        v3 = v4;
      }
    }
    best00 = best16(best00, s00, row, column, lag);
    best01 = best16(best01, s01, row, column + 16u, lag);
    best10 = best16(best10, s10, row + 16u, column, lag);
    best11 = best16(best11, s11, row + 16u, column + 16u, lag);
  }
  keep(best00, row, column);
  keep(best01, row, column + 16u);
  keep(best10, row + 16u, column);
  keep(best11, row + 16u, column + 16u);
}
