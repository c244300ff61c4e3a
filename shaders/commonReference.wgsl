// values less the median of each channel's group at every time. See src/core/commonReference.ts
// One thread per channel, one row of workgroups per time.

struct Params {
  nRows: u32,
  nChannels: u32,
  nGroups: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<f32>;       // [nRows, nChannels]
@group(0) @binding(2) var<storage, read> groupOf: array<i32>;      // [nChannels]
@group(0) @binding(3) var<storage, read> medians: array<f32>;      // [nRows, nGroups]
@group(0) @binding(4) var<storage, read_write> result: array<f32>; // [nRows, nChannels]

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.nChannels) { return; }
  let at = id.y * params.nChannels + id.x;
  result[at] = values[at] - medians[id.y * params.nGroups + u32(groupOf[id.x])];
}
