// Each trace of a waveform times a prototype, summed over time. Definition: src/core/waveformFeatures.ts
// One thread per trace, striding over the grid of threads.

struct Params {
  nTraces: u32,      // n · K
  nSamples: u32,     // L
  nPrototype: u32,   // P
  fromSample: u32,   // first sample of the trace under the prototype
  nThreads: u32,     // threads launched, the stride
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> waveforms: array<f32>;          // [n, K, L]
@group(0) @binding(2) var<storage, read> prototype: array<f32>;          // [P]
@group(0) @binding(3) var<storage, read_write> projection: array<f32>;   // [n, K]

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  for (var i = id.x; i < params.nTraces; i += params.nThreads) {
    let start = i * params.nSamples + params.fromSample;
    var sum = 0.0;
    for (var t = 0u; t < params.nPrototype; t++) { sum += waveforms[start + t] * prototype[t]; }
    projection[i] = sum;
  }
}
