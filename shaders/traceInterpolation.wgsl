// Each target channel as the weighted sum of its sources at every time. See src/core/traceInterpolation.ts
// One thread per target, one row of workgroups per time; rows beyond the grid's height are strided over.

struct Params {
  nRows: u32,
  nChannels: u32,
  nTargets: u32,
  nPerTarget: u32,
  rowStep: u32,    // rows of workgroups launched
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> traces: array<f32>;       // [nRows, nChannels]
@group(0) @binding(2) var<storage, read> sources: array<i32>;      // [nTargets, nPerTarget]
@group(0) @binding(3) var<storage, read> weights: array<f32>;      // [nTargets, nPerTarget]
@group(0) @binding(4) var<storage, read_write> result: array<f32>; // [nRows, nTargets]

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.x;
  if (i >= params.nTargets) { return; }
  let first = i * params.nPerTarget;
  for (var t = id.y; t < params.nRows; t += params.rowStep) {
    let row = t * params.nChannels;
    var sum = 0.0;
    for (var k = first; k < first + params.nPerTarget; k++) {
      sum += weights[k] * traces[row + u32(sources[k])];
    }
    result[t * params.nTargets + i] = sum;
  }
}
