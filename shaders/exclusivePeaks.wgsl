// Candidates without a stronger candidate nearby. Rule and source: src/core/exclusivePeaks.ts; candidates and scores come
// from peakCandidates.wgsl. One thread per candidate, striding over the grid of threads. The order of the kept ones
// differs between runs; the caller sorts.

struct Params {
  nRows: u32,
  nChannels: u32,
  nSlots: u32,
  excludeSamples: u32,
  fromRow: u32,
  toRow: u32,
  capacity: u32,
  nThreads: u32,       // threads launched, the stride
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> traces: array<f32>;                 // [T, C]
@group(0) @binding(2) var<storage, read> score: array<f32>;                  // [T, C] 0 where there is no candidate
@group(0) @binding(3) var<storage, read> neighbours: array<i32>;             // [C, K] −1 in unused slots
@group(0) @binding(4) var<storage, read> candidates: array<u32>;             // [capacity]
@group(0) @binding(5) var<storage, read_write> counts: array<atomic<u32>>;   // [2] candidates found, peaks kept
@group(0) @binding(6) var<storage, read_write> kept: array<u32>;             // [capacity] flat indices row · C + channel
@group(0) @binding(7) var<storage, read_write> amplitude: array<f32>;        // [capacity] signed value there

fn isBeaten(row: u32, channel: u32, own: f32) -> bool {
  let low = row - min(row, params.excludeSamples);
  let high = min(params.nRows - 1u, row + params.excludeSamples);
  for (var k = 0u; k < params.nSlots; k++) {
    let other = neighbours[channel * params.nSlots + k];
    if (other < 0) { continue; }
    for (var s = low; s <= high; s++) {
      let rival = score[s * params.nChannels + u32(other)];
      if (rival > own || (rival == own && s < row)) { return true; }
    }
  }
  return false;
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let n = min(params.capacity, atomicLoad(&counts[0]));
  for (var i = id.x; i < n; i += params.nThreads) {
    let at = candidates[i];
    let row = at / params.nChannels;
    if (row < params.fromRow || row >= params.toRow) { continue; }
    if (isBeaten(row, at % params.nChannels, score[at])) { continue; }
    let slot = atomicAdd(&counts[1], 1u);
    kept[slot] = at;
    amplitude[slot] = traces[at];
  }
}
