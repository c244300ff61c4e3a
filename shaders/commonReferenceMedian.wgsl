// Median of every group of channels at every time. See src/core/commonReference.ts
// One thread per time and group. The bits of a float, turned so that they order as unsigned integers, are searched from
// the top: the largest key with at most `rank` keys below it is the key of that rank.

struct Params {
  nRows: u32,
  nChannels: u32,
  nGroups: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<f32>;        // [nRows, nChannels]
@group(0) @binding(2) var<storage, read> offsets: array<i32>;       // [nGroups + 1] where each group's members begin
@group(0) @binding(3) var<storage, read> members: array<i32>;       // channels
@group(0) @binding(4) var<storage, read_write> medians: array<f32>; // [nRows, nGroups]

fn keyOf(value: f32) -> u32 {
  let bits = bitcast<u32>(value);
  return select(bits | 0x80000000u, ~bits, (bits & 0x80000000u) != 0u);
}

fn floatOf(key: u32) -> f32 {
  return bitcast<f32>(select(~key, key & 0x7fffffffu, (key & 0x80000000u) != 0u));
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= params.nRows) { return; }
  let row = id.x * params.nChannels;
  let start = u32(offsets[id.y]);
  let end = u32(offsets[id.y + 1u]);
  let n = end - start;
  let rank = (n - 1u) / 2u;
  var low = 0u;
  for (var bit = 0x80000000u; bit != 0u; bit >>= 1u) {
    let candidate = low | bit;
    var below = 0u;
    for (var i = start; i < end; i++) {
      below += select(0u, 1u, keyOf(values[row + u32(members[i])]) < candidate);
    }
    if (below <= rank) { low = candidate; }
  }
  var median = floatOf(low);
  if (n % 2u == 0u) { // the next one up: the same key again, or the least above it
    var least = 0xffffffffu;
    var atMost = 0u;
    for (var i = start; i < end; i++) {
      let key = keyOf(values[row + u32(members[i])]);
      if (key > low) { least = min(least, key); } else { atMost++; }
    }
    let high = select(least, low, atMost > n / 2u);
    median = 0.5 * (median + floatOf(high));
  }
  medians[id.x * params.nGroups + id.y] = median;
}
