// Last of three passes of the spectral filter: what spectralFilterRows.wgsl left is transformed back over ka, which gives row
// t = a·nCols + b of the filtered frame; some of its rows are kept. The formula: src/core/spectralFilter.ts
// A workgroup takes one column of 8 pairs through workgroup memory (16 KiB).

struct Params {
  nPairs: u32,
  nChannels: u32,
  nLong: u32,
  nCols: u32,
  firstRow: u32, // rows [firstRow, endRow) are kept
  endRow: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> spectrum: array<vec2<f32>>; // [nLong, nCols, nPairs]
@group(0) @binding(2) var<storage, read> twiddles: array<vec2<f32>>; // [nFft] exp(−2πi·j/nFft)
@group(0) @binding(3) var<storage, read_write> result: array<f32>;   // [endRow − firstRow, nChannels] µV

var<workgroup> re: array<f32, 2048>; // [nLong, 8 pairs]
var<workgroup> im: array<f32, 2048>;

@compute @workgroup_size(8, 32, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  let n = params.nLong;
  let b = group.x;
  let pair = group.y * 8u + local.x;
  let shift = 32u - firstTrailingBit(n);
  for (var ka = local.y; ka < n; ka += 32u) {
    let at = (reverseBits(ka) >> shift) * 8u + local.x;
    var z = vec2<f32>(0.0);
    if (pair < params.nPairs) { z = spectrum[(ka * params.nCols + b) * params.nPairs + pair]; }
    re[at] = z.x;
    im[at] = z.y;
  }
  for (var half = 1u; half < n; half *= 2u) { // decimation in time: from bit-reversed order
    workgroupBarrier();
    for (var i = local.y; i < n / 2u; i += 32u) {
      let j = i % half;
      let p = ((i / half) * 2u * half + j) * 8u + local.x;
      let q = p + half * 8u;
      let w = twiddles[j * (n / (2u * half)) * params.nCols];
      let y = vec2<f32>(re[q] * w.x + im[q] * w.y, im[q] * w.x - re[q] * w.y);
      let x = vec2<f32>(re[p], im[p]);
      re[p] = x.x + y.x;
      im[p] = x.y + y.y;
      re[q] = x.x - y.x;
      im[q] = x.y - y.y;
    }
  }
  workgroupBarrier();
  for (var a = local.y; a < n; a += 32u) {
    let t = a * params.nCols + b;
    if (t < params.firstRow || t >= params.endRow) { continue; }
    let at = (t - params.firstRow) * params.nChannels + 2u * pair;
    if (2u * pair < params.nChannels) { result[at] = re[a * 8u + local.x]; }
    if (2u * pair + 1u < params.nChannels) { result[at + 1u] = im[a * 8u + local.x]; }
  }
}
