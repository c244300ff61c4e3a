// Every product with the transformer's weights, forwards and back: result[r, j] = Σ_k read(x[r, k]) · W(j, k), then an ending.
// Rows are tokens, or spikes in the head. Formulas: src/core/network/transformer.ts, transformerParts.ts, gelu.ts, dropout.ts.
// A workgroup of 16 × 16 threads makes 64 rows × 64 columns, 4 × 4 values per thread in registers; x and W pass through
// workgroup memory in slices of 16 along k (8.5 KiB). What lies outside loads as zero and is not stored.

struct Params {
  nRows: u32,
  nIn: u32,
  nOut: u32,
  xAt: u32,        // x[r, k] at xAt + r·xStride + k
  xStride: u32,
  reading: u32,    // 0: as it is; 1: normalised, · γ + β; 2: masked by dropout; 3: GELU, masked by dropout
  gammaAt: u32,    // γ [nIn], then β [nIn]
  weightsAt: u32,  // W(j, k) at weightsAt + j·rowStride + k·columnStride
  rowStride: u32,
  columnStride: u32,
  biasAt: u32,
  ending: u32,     // 0: nothing; 1: + bias; 2: times the slope of reading 3 at `other`; 3: + bias, masked, + `other`; 4: + bias + embeddings
  embedAt: u32,    // rows [5, nOut], then columns [2, nOut]
  resultAt: u32,   // result[r, j] at resultAt + r·resultStride + j
  resultStride: u32,
  threshold: u32,  // of dropout: a hash below it drops; 0 keeps all
  keptScale: f32,  // 1 / (1 − p)
  seed: u32,
  firstRow: u32,
  readPlace: u32,  // place of dropout in reading, and in the ending
  endPlace: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;       // flat parameters of the network, PyTorch's layout
@group(0) @binding(3) var<storage, read> moments: array<vec2<f32>>; // [nRows] mean and 1/sd of a row of x, with reading 1
@group(0) @binding(4) var<storage, read_write> other: array<f32>;   // [nRows, nOut], with endings 2 and 3
@group(0) @binding(5) var<storage, read_write> result: array<f32>;

const nTokens = 10u;

var<workgroup> left: array<vec4<f32>, 272>;  // [16 k, 16 fours of rows], one spare per line against bank conflicts
var<workgroup> right: array<vec4<f32>, 272>; // [16 k, 16 fours of columns]

// Factor of dropout of column k of token row r, whose rows are `width` wide.
fn kept(place: u32, r: u32, k: u32, width: u32) -> f32 {
  return keptUnit(place, r / nTokens, (r % nTokens) * width + k);
}

fn inputAt(r: u32, k: u32) -> f32 {
  if (r >= params.nRows || k >= params.nIn) { return 0.0; }
  let value = x[params.xAt + r * params.xStride + k];
  switch params.reading {
    case 1u: {
      let m = moments[r];
      return (value - m.x) * m.y * weights[params.gammaAt + k] + weights[params.gammaAt + params.nIn + k];
    }
    case 2u: { return value * kept(params.readPlace, r, k, params.nIn); }
    case 3u: { return value * normal(value).x * kept(params.readPlace, r, k, params.nIn); }
    default: { return value; }
  }
}

fn weightAt(j: u32, k: u32) -> f32 {
  if (j >= params.nOut || k >= params.nIn) { return 0.0; }
  return weights[params.weightsAt + j * params.rowStride + k * params.columnStride];
}

fn put(r: u32, j: u32, sum: f32) {
  if (r >= params.nRows || j >= params.nOut) { return; }
  var value = sum;
  if (params.ending == 1u || params.ending >= 3u) { value += weights[params.biasAt + j]; }
  switch params.ending {
    case 2u: {
      let before = other[r * params.nOut + j];
      let n = normal(before);
      value *= (n.x + before * n.y) * kept(params.endPlace, r, j, params.nOut);
    }
    case 3u: { value = other[r * params.nOut + j] + value * kept(params.endPlace, r, j, params.nOut); }
    case 4u: {
      let slot = r % nTokens;
      value += weights[params.embedAt + (slot / 2u) * params.nOut + j] + weights[params.embedAt + (5u + slot % 2u) * params.nOut + j];
    }
    default: {}
  }
  result[params.resultAt + r * params.resultStride + j] = value;
}

@compute @workgroup_size(16, 16, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  let row0 = group.y * 64u;
  let column0 = group.x * 64u;
  let lane = local.y * 16u + local.x;
  let high = lane / 16u;
  let low = lane % 16u;
  // neighbouring threads read neighbouring numbers, whichever way W lies
  let isTransposed = params.rowStride == 1u;
  let four = select(high, low, isTransposed);
  let inSlice = select(low, high, isTransposed);
  let r = row0 + 4u * high;
  let j = column0 + 4u * four;
  var acc: array<vec4<f32>, 4>;
  for (var k0 = 0u; k0 < params.nIn; k0 += 16u) {
    let k = k0 + low;
    left[low * 17u + high] = vec4<f32>(inputAt(r, k), inputAt(r + 1u, k), inputAt(r + 2u, k), inputAt(r + 3u, k));
    let q = k0 + inSlice;
    right[inSlice * 17u + four] = vec4<f32>(weightAt(j, q), weightAt(j + 1u, q), weightAt(j + 2u, q), weightAt(j + 3u, q));
    workgroupBarrier();
    for (var i = 0u; i < 16u; i++) {
      let v = left[i * 17u + local.y];
      let w = right[i * 17u + local.x];
      acc[0] += v.x * w;
      acc[1] += v.y * w;
      acc[2] += v.z * w;
      acc[3] += v.w * w;
    }
    workgroupBarrier();
  }
  for (var i = 0u; i < 4u; i++) {
    for (var c = 0u; c < 4u; c++) {
      put(row0 + local.y * 4u + i, column0 + local.x * 4u + c, acc[i][c]);
    }
  }
}
