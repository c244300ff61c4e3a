// Second of three passes of the spectral filter: what spectralFilter.wgsl left is transformed over b, which gives the spectrum at
// k = ka + nLong·kb, multiplied by response and delay, and transformed back over kb. The formula: src/core/spectralFilter.ts
// The spectra of a pair's two channels are told apart by symmetry, for which k and nFft − k are needed together: they lie in
// the rows ka and nLong − ka, and a workgroup takes both, of 8 pairs, through workgroup memory (16 KiB).

struct Params {
  nPairs: u32,
  nChannels: u32,
  nLong: u32,
  nCols: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> delays: array<f32>;                // [nChannels] samples
@group(0) @binding(2) var<storage, read> response: array<f32>;              // [nFft/2 + 1]
@group(0) @binding(3) var<storage, read> twiddles: array<vec2<f32>>;        // [nFft] exp(−2πi·j/nFft)
@group(0) @binding(4) var<storage, read_write> spectrum: array<vec2<f32>>;  // [nLong, nCols, nPairs], in place

var<workgroup> re: array<f32, 2048>; // [2 rows, nCols, 8 pairs]
var<workgroup> im: array<f32, 2048>;

fn times(x: vec2<f32>, w: vec2<f32>) -> vec2<f32> {
  return vec2<f32>(x.x * w.x - x.y * w.y, x.x * w.y + x.y * w.x);
}

fn conjugate(x: vec2<f32>) -> vec2<f32> {
  return vec2<f32>(x.x, -x.y);
}

// exp(−i·v) good to a float32 rounding: the built-ins promise only 2^-11. Cody-Waite reduction by pi/2 and the
// polynomials of Cephes' sinf/cosf.
fn turn(v: f32) -> vec2<f32> {
  let k = round(v * 0.6366197723675814);
  let r = ((v - k * 1.5703125) - k * 4.837512969970703e-4) - k * 7.549789954891882e-8;
  let z = r * r;
  let s = r + r * z * (-1.6666654611e-1 + z * (8.3321608736e-3 - z * 1.9515295891e-4));
  let c = 1.0 - 0.5 * z + z * z * (4.166664568298827e-2 + z * (-1.388731625493765e-3 + z * 2.443315711809948e-5));
  let quadrant = i32(k) & 3;
  let turned = select(vec2<f32>(c, -s), vec2<f32>(-s, -c), (quadrant & 1) == 1);
  return select(turned, -turned, (quadrant & 2) == 2);
}

// The factor of a channel at 0 < k < nFft/2; at the ends of that range only its real part counts.
fn factor(channel: u32, k: u32, nFft: u32) -> vec2<f32> {
  let delay = delays[min(channel, params.nChannels - 1u)];
  return response[k] * turn(6.283185307179586 * delay * (f32(k) / f32(nFft)));
}

// One butterfly stage of both rows: forwards before `half` shrinks, backwards (conjugate twiddles) as it grows.
fn stage(half: u32, lane: vec2<u32>, inverse: bool) {
  let n = params.nCols;
  for (var i = lane.y; i < n; i += 32u) {
    let j = i % half;
    let p = ((i / half) * 2u * half + j) * 8u + lane.x;
    let q = p + half * 8u;
    let w = twiddles[j * (n / (2u * half)) * params.nLong];
    let x = vec2<f32>(re[p], im[p]);
    let y = vec2<f32>(re[q], im[q]);
    let turned = times(y, conjugate(w));
    let sum = select(x + y, x + turned, inverse);
    let difference = select(times(x - y, w), x - turned, inverse);
    re[p] = sum.x;
    im[p] = sum.y;
    re[q] = difference.x;
    im[q] = difference.y;
  }
}

@compute @workgroup_size(8, 32, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  let n = params.nCols;
  let nFft = params.nLong * n;
  let rowA = group.x;
  let rowB = (params.nLong - rowA) % params.nLong;
  let pair = group.y * 8u + local.x;
  let inside = pair < params.nPairs;
  for (var i = local.y; i < 2u * n; i += 32u) {
    let row = select(rowB, rowA, i < n);
    var z = vec2<f32>(0.0);
    if (inside) { z = spectrum[(row * n + i % n) * params.nPairs + pair]; }
    re[i * 8u + local.x] = z.x;
    im[i * 8u + local.x] = z.y;
  }
  for (var half = n / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    stage(half, local.xy, false);
  }
  workgroupBarrier();
  let shift = 32u - firstTrailingBit(n);
  let scale = 1.0 / f32(nFft);
  // kb of row A; its partner nFft − k has nCols − 1 − kb in row B, or −kb where ka = 0. A row that is its own partner
  // stands twice in memory: what is done to one copy, the other gets from the partner's turn.
  for (var kb = local.y; kb < n; kb += 32u) {
    let k = rowA + params.nLong * kb;
    let other = select(n - 1u - kb, (n - kb) % n, rowA == 0u);
    let p = (reverseBits(kb) >> shift) * 8u + local.x;
    let q = (n + (reverseBits(other) >> shift)) * 8u + local.x;
    let x = vec2<f32>(re[p], im[p]);
    let y = conjugate(vec2<f32>(re[q], im[q]));
    let low = min(k, (nFft - k) % nFft);
    var fa = factor(2u * pair, low, nFft) * scale;
    var fb = factor(2u * pair + 1u, low, nFft) * scale;
    if (k > nFft / 2u) { fa = conjugate(fa); fb = conjugate(fb); }
    if (low == 0u || 2u * low == nFft) { fa.y = 0.0; fb.y = 0.0; }
    let a = times(0.5 * (x + y), fa);
    let c = 0.5 * (x - y); // i times the second channel
    let d = times(c, fb);
    re[p] = a.x + d.x;
    im[p] = a.y + d.y;
    re[q] = a.x - d.x;
    im[q] = d.y - a.y;
  }
  for (var half = 1u; half < n; half *= 2u) {
    workgroupBarrier();
    stage(half, local.xy, true);
  }
  workgroupBarrier();
  if (!inside) { return; }
  let rows = select(2u, 1u, rowA == rowB);
  for (var i = local.y; i < rows * n; i += 32u) {
    let row = select(rowB, rowA, i < n);
    let z = times(vec2<f32>(re[i * 8u + local.x], im[i * 8u + local.x]), conjugate(twiddles[row * (i % n)]));
    spectrum[(row * n + i % n) * params.nPairs + pair] = z;
  }
}
