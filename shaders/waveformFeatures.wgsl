// Peak-to-peak, energy and peak voltage of each trace of a waveform. Definitions: src/core/waveformFeatures.ts
// One thread per trace, striding over the grid of threads.

struct Params {
  nTraces: u32,     // n · K
  nSamples: u32,    // L
  fromSample: u32,
  toSample: u32,
  peakSample: u32,
  nThreads: u32,    // threads launched, the stride
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> waveforms: array<f32>;          // [n, K, L]
@group(0) @binding(2) var<storage, read_write> ptp: array<f32>;          // [n, K]
@group(0) @binding(3) var<storage, read_write> energy: array<f32>;       // [n, K]
@group(0) @binding(4) var<storage, read_write> peakVoltage: array<f32>;  // [n, K]

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  for (var i = id.x; i < params.nTraces; i += params.nThreads) {
    let start = i * params.nSamples;
    var low = waveforms[start + params.fromSample];
    var high = low;
    var squares = 0.0;
    for (var t = params.fromSample; t < params.toSample; t++) {
      let v = waveforms[start + t];
      low = min(low, v);
      high = max(high, v);
      squares += v * v;
    }
    ptp[i] = high - low;
    energy[i] = sqrt(squares);
    peakVoltage[i] = abs(waveforms[start + params.peakSample]);
  }
}
