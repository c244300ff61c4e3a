// Sum of the rows within a window of each row, itself left out. Formula: src/core/windowSum.ts
// One thread takes one column through a segment of rows: it sums the first window and slides it, so that rounding errors do
// not grow beyond the segment. Threads beside each other read beside each other.

struct Params {
  nRows: u32,
  width: u32,
  window: u32,   // below nRows
  segment: u32,  // rows per thread
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> rows: array<f32>;       // [nRows, width]
@group(0) @binding(2) var<storage, read_write> sums: array<f32>; // [nRows, width]

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = id.x % params.width;
  let first = (id.x / params.width) * params.segment;
  if (first >= params.nRows) { return; }
  let end = min(params.nRows, first + params.segment);
  var sum = 0.0;
  // all of the first row's window but its last row, which the loop below adds
  var j = first - min(first, params.window + 1u);
  for (; j < min(params.nRows, first + params.window); j++) { sum += rows[j * params.width + column]; }
  for (var t = first; t < end; t++) {
    if (t + params.window < params.nRows) { sum += rows[(t + params.window) * params.width + column]; }
    if (t > params.window) { sum -= rows[(t - params.window - 1u) * params.width + column]; }
    sums[t * params.width + column] = sum - rows[t * params.width + column];
  }
}
