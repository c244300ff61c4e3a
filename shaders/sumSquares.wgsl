// One number: the sum of squares of all values. One workgroup; each thread strides over the values.

struct Params {
  nValues: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<f32>;      // [nValues]
@group(0) @binding(2) var<storage, read_write> total: array<f32>; // [1]

var<workgroup> partial: array<f32, 256>;

@compute @workgroup_size(256, 1, 1)
fn main(@builtin(local_invocation_id) local: vec3<u32>) {
  var sum = 0.0;
  for (var i = local.x; i < params.nValues; i += 256u) {
    sum += values[i] * values[i];
  }
  partial[local.x] = sum;
  workgroupBarrier();
  for (var stride = 128u; stride > 0u; stride >>= 1u) {
    if (local.x < stride) {
      partial[local.x] += partial[local.x + stride];
    }
    workgroupBarrier();
  }
  if (local.x == 0u) {
    total[0] = partial[0];
  }
}
