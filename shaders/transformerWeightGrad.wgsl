// Partial gradients of a linear layer's weights and bias over one share of the rows: Σ_r outGrad[r, j] · read(x[r, k]). Column
// k = nIn is the bias, whose input counts as 1; with embeddings seven more follow, 1 where the slot has that row or column.
// See linearBackward in src/core/network/transformerParts.ts; blocks as in transformerProduct.wgsl, here over [nOut, columns].
// Workgroup z takes rows [z·share, (z + 1)·share) and writes its own copy of the flat gradient; sumPartials.wgsl adds the copies.
// Behind a LayerNorm this is the gradient by the normalised rows; transformerNormFold.wgsl makes those of W, γ and β of it.

struct Params {
  nRows: u32,
  nIn: u32,
  nOut: u32,
  xStride: u32,    // x[r, k] at r·xStride + k
  reading: u32,    // 0: as it is; 1: normalised; 3: GELU, masked by dropout
  gradAt: u32,     // outGrad[r, j] at gradAt + r·gradStride + j
  gradStride: u32,
  isMasked: u32,   // 1: outGrad is masked by dropout
  weightsAt: u32,  // offsets in the flat gradient
  biasAt: u32,
  embedAt: u32,    // rows [5, nOut], then columns [2, nOut]
  nEmbed: u32,     // 0, or 7
  nValues: u32,    // length of the flat gradient
  share: u32,      // a multiple of 16
  threshold: u32,  // dropout as in transformerProduct.wgsl
  keptScale: f32,
  seed: u32,
  firstRow: u32,
  readPlace: u32,
  gradPlace: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> outGrad: array<f32>;
@group(0) @binding(3) var<storage, read> moments: array<vec2<f32>>;  // [nRows] mean and 1/sd of a row of x, with reading 1
@group(0) @binding(4) var<storage, read_write> partials: array<f32>; // [shares, nValues]

const nTokens = 10u;

var<workgroup> left: array<vec4<f32>, 272>;  // [16 rows, 16 fours of outputs], one spare per line against bank conflicts
var<workgroup> right: array<vec4<f32>, 272>; // [16 rows, 16 fours of columns]

fn kept(place: u32, r: u32, k: u32, width: u32) -> f32 {
  return keptUnit(place, r / nTokens, (r % nTokens) * width + k);
}

fn gradAt(r: u32, end: u32, j: u32) -> f32 {
  if (r >= end || j >= params.nOut) { return 0.0; }
  let value = outGrad[params.gradAt + r * params.gradStride + j];
  if (params.isMasked == 0u) { return value; }
  return value * kept(params.gradPlace, r, j, params.nOut);
}

fn inputAt(r: u32, end: u32, k: u32) -> f32 {
  if (r >= end || k > params.nIn + params.nEmbed) { return 0.0; }
  if (k > params.nIn) {
    let slot = r % nTokens;
    let which = k - params.nIn - 1u;
    return select(0.0, 1.0, which == slot / 2u || which == 5u + slot % 2u);
  }
  if (k == params.nIn) { return 1.0; }
  let value = x[r * params.xStride + k];
  switch params.reading {
    case 1u: { return (value - moments[r].x) * moments[r].y; }
    case 3u: { return value * normal(value).x * kept(params.readPlace, r, k, params.nIn); }
    default: { return value; }
  }
}

@compute @workgroup_size(16, 16, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  let column0 = group.x * 64u;
  let out0 = group.y * 64u;
  let lane = local.y * 16u + local.x;
  let inSlice = lane / 16u;
  let four = lane % 16u;
  let j = out0 + 4u * four;
  let k = column0 + 4u * four;
  let end = min(params.nRows, (group.z + 1u) * params.share);
  var acc: array<vec4<f32>, 4>;
  for (var row0 = group.z * params.share; row0 < end; row0 += 16u) {
    let r = row0 + inSlice;
    left[inSlice * 17u + four] = vec4<f32>(gradAt(r, end, j), gradAt(r, end, j + 1u), gradAt(r, end, j + 2u), gradAt(r, end, j + 3u));
    right[inSlice * 17u + four] = vec4<f32>(
      inputAt(r, end, k), inputAt(r, end, k + 1u), inputAt(r, end, k + 2u), inputAt(r, end, k + 3u));
    workgroupBarrier();
    for (var i = 0u; i < 16u; i++) {
      let g = left[i * 17u + local.y];
      let v = right[i * 17u + local.x];
      acc[0] += g.x * v;
      acc[1] += g.y * v;
      acc[2] += g.z * v;
      acc[3] += g.w * v;
    }
    workgroupBarrier();
  }
  let base = group.z * params.nValues;
  for (var i = 0u; i < 4u; i++) {
    let o = out0 + local.y * 4u + i;
    for (var c = 0u; c < 4u; c++) {
      let column = column0 + local.x * 4u + c;
      if (o >= params.nOut || column > params.nIn + params.nEmbed) { continue; }
      var at = params.weightsAt + o * params.nIn + column;
      if (column == params.nIn) { at = params.biasAt + o; }
      if (column > params.nIn) { at = params.embedAt + (column - params.nIn - 1u) * params.nOut + o; }
      partials[base + at] = acc[i][c];
    }
  }
}
