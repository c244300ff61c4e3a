// Candidate peaks of locally exclusive detection and their scores. Rule and source: src/core/exclusivePeaks.ts
// One thread per sample, striding over the grid of threads. The list's order differs between runs; the caller sorts.

struct Params {
  nRows: u32,
  nChannels: u32,
  signs: u32,     // 1 negative, 2 positive, 3 both
  capacity: u32,
  nThreads: u32,  // threads launched, the stride
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> traces: array<f32>;                 // [T, C]
@group(0) @binding(2) var<storage, read> limits: array<f32>;                 // [2, C] thresholds, then 1/threshold
@group(0) @binding(3) var<storage, read_write> score: array<f32>;            // [T, C] |v|/threshold of a candidate, else 0
@group(0) @binding(4) var<storage, read_write> candidates: array<u32>;       // [capacity] flat indices row · C + channel
@group(0) @binding(5) var<storage, read_write> counts: array<atomic<u32>>;   // [2] candidates found, peaks kept; zero at start

fn isPeak(i: u32, v: f32, threshold: f32) -> bool {
  if (!(abs(v) >= threshold)) { return false; }
  var before = 0.0;
  var after = 0.0;
  if (i >= params.nChannels) { before = traces[i - params.nChannels]; }
  if (i + params.nChannels < params.nRows * params.nChannels) { after = traces[i + params.nChannels]; }
  if (v < 0.0) { return (params.signs & 1u) != 0u && v < before && v <= after; }
  return (params.signs & 2u) != 0u && v > before && v >= after;
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  for (var i = id.x; i < params.nRows * params.nChannels; i += params.nThreads) {
    let channel = i % params.nChannels;
    let v = traces[i];
    if (!isPeak(i, v, limits[channel])) {
      score[i] = 0.0;
      continue;
    }
    score[i] = abs(v) * limits[params.nChannels + channel];
    let slot = atomicAdd(&counts[0], 1u);
    if (slot < params.capacity) { candidates[slot] = i; }
  }
}
