// First of three passes of the spectral filter; the formula stands in src/core/spectralFilter.ts
// A frame of nFft rows is seen as a matrix [nLong, nCols]: row t = a·nCols + b. Two channels are the real and imaginary part
// of one complex signal. This pass reads the samples, transforms every column b over a, and multiplies by
// exp(−2πi·b·ka/nFft); the next one transforms over b, so that k = ka + nLong·kb (Cooley & Tukey 1965).
// A workgroup takes one column of 8 pairs through workgroup memory (16 KiB); neighbouring threads take neighbouring pairs.

struct Params {
  nPairs: u32,
  nChannels: u32,
  nLong: u32,    // a power of two, at most 256
  nCols: u32,    // a power of two, at most 128
  nRows: u32,    // rows with samples; the others are zero
  nColumns: u32, // values per row of samples
  isFloat: u32,  // 0: int16, two to a word, the first in the lower half
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> samples: array<u32>;               // int16 pairs, or bits of floats
@group(0) @binding(2) var<storage, read> columns: array<i32>;               // [nChannels]
@group(0) @binding(3) var<storage, read> gains: array<f32>;                 // [nChannels] µV of one unit
@group(0) @binding(4) var<storage, read> window: array<f32>;                // [nRows]
@group(0) @binding(5) var<storage, read> twiddles: array<vec2<f32>>;        // [nFft] exp(−2πi·j/nFft)
@group(0) @binding(6) var<storage, read_write> spectrum: array<vec2<f32>>;  // [nLong, nCols, nPairs]

var<workgroup> re: array<f32, 2048>; // [nLong, 8 pairs]
var<workgroup> im: array<f32, 2048>;

fn sampleOf(t: u32, channel: u32) -> f32 {
  if (t >= params.nRows || channel >= params.nChannels) { return 0.0; }
  let at = t * params.nColumns + u32(columns[channel]);
  var value: f32;
  if (params.isFloat == 1u) {
    value = bitcast<f32>(samples[at]);
  } else {
    value = f32(extractBits(bitcast<i32>(samples[at / 2u]), 16u * (at % 2u), 16u));
  }
  return value * gains[channel] * window[t];
}

fn times(x: vec2<f32>, w: vec2<f32>) -> vec2<f32> {
  return vec2<f32>(x.x * w.x - x.y * w.y, x.x * w.y + x.y * w.x);
}

@compute @workgroup_size(8, 32, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  let n = params.nLong;
  let b = group.x;
  let pair = group.y * 8u + local.x;
  for (var a = local.y; a < n; a += 32u) {
    let t = a * params.nCols + b;
    re[a * 8u + local.x] = sampleOf(t, 2u * pair);
    im[a * 8u + local.x] = sampleOf(t, 2u * pair + 1u);
  }
  for (var half = n / 2u; half > 0u; half /= 2u) { // decimation in frequency: the result is in bit-reversed order
    workgroupBarrier();
    for (var i = local.y; i < n / 2u; i += 32u) {
      let j = i % half;
      let p = ((i / half) * 2u * half + j) * 8u + local.x;
      let q = p + half * 8u;
      let x = vec2<f32>(re[p], im[p]);
      let y = vec2<f32>(re[q], im[q]);
      let z = times(x - y, twiddles[j * (n / (2u * half)) * params.nCols]);
      re[p] = x.x + y.x;
      im[p] = x.y + y.y;
      re[q] = z.x;
      im[q] = z.y;
    }
  }
  workgroupBarrier();
  if (pair >= params.nPairs) { return; }
  let shift = 32u - firstTrailingBit(n);
  for (var place = local.y; place < n; place += 32u) {
    let ka = reverseBits(place) >> shift;
    let z = times(vec2<f32>(re[place * 8u + local.x], im[place * 8u + local.x]), twiddles[b * ka]);
    spectrum[(ka * params.nCols + b) * params.nPairs + pair] = z;
  }
}
