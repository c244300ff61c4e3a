// Waveforms cut from a tile of traces. Layout and rules: src/core/snippets.ts
// One thread per value, striding over the grid of threads.

struct Params {
  nRows: i32,
  nChannels: i32,
  nSlots: u32,
  samplesBefore: i32,
  nSamples: u32,
  nValues: u32,   // n · K · L
  nThreads: u32,  // threads launched, the stride
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> traces: array<f32>;           // [T, C]
@group(0) @binding(2) var<storage, read> row: array<i32>;              // [n]
@group(0) @binding(3) var<storage, read> channel: array<i32>;          // [n]
@group(0) @binding(4) var<storage, read> slots: array<i32>;            // [C, K] −1 in unused slots
@group(0) @binding(5) var<storage, read_write> waveforms: array<f32>;  // [n, K, L]

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  for (var i = id.x; i < params.nValues; i += params.nThreads) {
    let trace = i / params.nSamples;
    let spike = trace / params.nSlots;
    let s = row[spike] - params.samplesBefore + i32(i % params.nSamples);
    let source = slots[u32(channel[spike]) * params.nSlots + trace % params.nSlots];
    var v = 0.0;
    if (source >= 0 && s >= 0 && s < params.nRows) { v = traces[s * params.nChannels + source]; }
    waveforms[i] = v;
  }
}
