// First of two passes of DREDge's correlation: what the second needs of each template and each frame of a tile on its own, at
// every lag. The formula: src/core/dredge/crossCorrelation.ts. With N = Σq and rows taken less their least value, which leaves c
// as it is and what is silent 0:
//   template i: scale 1/(N·sd_i), offset E_i/sd_i;  frame j: scale 1/sd_j, offset E_j/sd_j;  c = Σq·A·X·scales − offsets.
// A workgroup takes one row, a thread every 64th lag. Items 0 … nRows − 1 are templates, nColumns frames follow.

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
@group(0) @binding(1) var<storage, read> raster: array<f32>;           // [nTimes, nDepths]
@group(0) @binding(2) var<storage, read> weights: array<f32>;          // [nDepths]
@group(0) @binding(3) var<storage, read_write> shifts: array<f32>;     // [nRows + nColumns]
@group(0) @binding(4) var<storage, read_write> scales: array<f32>;     // [nRows + nColumns, nPadded]
@group(0) @binding(5) var<storage, read_write> offsets: array<f32>;    // [nRows + nColumns, nPadded]

const chunk = 32u; // terms added by themselves first: rounding grows with the chunks, not with the terms

var<workgroup> lowest: array<f32, 64>;

// Least value of a row over the bins of a frame.
fn rowLeast(base: u32, thread: u32) -> f32 {
  var least = 3.4e38;
  for (var d = thread; d < params.inside; d += 64u) { least = min(least, raster[base + params.low + d]); }
  lowest[thread] = least;
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) { lowest[thread] = min(lowest[thread], lowest[thread + half]); }
  }
  workgroupBarrier();
  return lowest[0];
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  let item = group.x;
  let isTemplate = item < params.nRows;
  let row = select(params.firstColumn + item - params.nRows, params.firstRow + item, isTemplate);
  let base = row * params.nDepths;
  let shift = rowLeast(base, local.x);
  if (local.x == 0u) { shifts[item] = shift; }
  for (var lag = local.x; lag < params.nLags; lag += 64u) {
    // bins [begin, end) of the template meet data; bin k of the template stands over bin k + lag − pad of the frame's data
    let begin = max(params.pad, lag) - lag;
    let end = min(params.length, max(params.pad + params.inside, lag) - lag);
    let first = base + select(params.low + lag - params.pad, params.start, isTemplate); // wraps around where lag < pad, and back
    var total = 0.0;
    var sum = 0.0;
    for (var c = begin; c < end; c += chunk) {
      var n = 0.0;
      var s = 0.0;
      for (var k = c; k < min(end, c + chunk); k++) {
        let w = weights[params.start + k];
        n += w;
        s += w * (raster[first + k] - shift);
      }
      total += n;
      sum += s;
    }
    var mean = 0.0;
    var scale = 0.0;
    if (total > 0.0) {
      mean = sum / total;
      var square = 0.0;
      for (var c = begin; c < end; c += chunk) {
        var s = 0.0;
        for (var k = c; k < min(end, c + chunk); k++) {
          let d = raster[first + k] - shift - mean;
          s += weights[params.start + k] * d * d;
        }
        square += s;
      }
      let variance = square / total;
      let raw = mean + shift;
      // what rounding leaves of a row that does not vary where it is looked at: it correlates with nothing
      let isConstant = variance <= 1e-11 * (variance + raw * raw);
      scale = select(inverseSqrt(variance), 0.0, isConstant);
    }
    let at = item * params.nPadded + lag;
    offsets[at] = mean * scale;
    scales[at] = select(scale, scale / max(total, 1e-37), isTemplate);
  }
}
