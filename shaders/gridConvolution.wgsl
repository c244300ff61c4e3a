// Grid convolution: a spike's position as the mean of the grid sites whose templates fit it best. Formula and source:
// src/core/gridConvolution.ts. One workgroup per spike, then every nGroups-th; a spike without a positive dot gets NaN.
// The dots of a spike's templates lie in workgroup memory (at most 3072: the caller checks). The percentile needs two
// neighbouring order statistics: the lower is found bit by bit, because non-negative floats order like their bits, in 31
// counting rounds of all threads. Every loop with a barrier runs equally often in all threads.

struct Params {
  nSpikes: u32,
  nSlots: u32,
  nGroups: u32,
  share: f32,   // 1 − percentile / 100
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> projection: array<f32>;       // [N, K]
@group(0) @binding(2) var<storage, read> channel: array<i32>;          // [N]
@group(0) @binding(3) var<storage, read> templateStart: array<i32>;    // [C + 1]
@group(0) @binding(4) var<storage, read> templateUm: array<f32>;       // [nTemplates, 3] x, y, level
@group(0) @binding(5) var<storage, read> weightStart: array<i32>;      // [nTemplates + 1]
@group(0) @binding(6) var<storage, read> weightSlot: array<i32>;       // [nWeights]
@group(0) @binding(7) var<storage, read> weight: array<f32>;           // [nWeights]
@group(0) @binding(8) var<storage, read_write> location: array<f32>;   // [N, 4] x, y, z µm, largest dot

const nThreads = 64u;
const negative = 0xffffffffu;  // stands for a dot below 0; larger than the bits of any number

var<workgroup> dots: array<u32, 3072>;   // bits of the dots
var<workgroup> count: atomic<u32>;
var<workgroup> above: atomic<u32>;
var<workgroup> sums: array<vec4<f32>, 64>;
var<workgroup> peaks: array<f32, 64>;

// How many of the n dots have bits at most `bits`; the same number in all threads.
fn countUpTo(bits: u32, n: u32, thread: u32) -> u32 {
  var mine = 0u;
  for (var t = thread; t < n; t += nThreads) { mine += select(0u, 1u, dots[t] <= bits); }
  workgroupBarrier();
  if (thread == 0u) { atomicStore(&count, 0u); }
  workgroupBarrier();
  atomicAdd(&count, mine);
  workgroupBarrier();
  return atomicLoad(&count);
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  for (var spike = group.x; spike < params.nSpikes; spike += params.nGroups) {
    let own = channel[spike];
    let first = u32(templateStart[own]);
    let n = u32(templateStart[own + 1]) - first;
    let row = spike * params.nSlots;
    for (var t = thread; t < n; t += nThreads) {
      var dot = 0.0;
      for (var i = weightStart[first + t]; i < weightStart[first + t + 1u]; i++) {
        dot += weight[i] * projection[row + u32(weightSlot[i])];
      }
      dots[t] = select(negative, bitcast<u32>(abs(dot)), dot >= 0.0);
    }
    workgroupBarrier();

    // the dot of rank floor((m − 1)·share) among the m that are not negative
    let m = countUpTo(0x7f800000u, n, thread);
    var rank = max(0.0, (f32(m) - 1.0) * params.share);
    if (abs(rank - round(rank)) < 1e-3) { rank = round(rank); }  // a whole rank, but for rounding
    let below = u32(floor(rank));
    var value = 0u;
    for (var b = 0u; b < 31u; b++) {
      let bit = 0x40000000u >> b;
      // with this bit clear and all lower ones set, are there still too few?
      if (countUpTo(value | (bit - 1u), n, thread) <= below) { value |= bit; }
    }
    // the next one up: the same value again, or the smallest larger
    let upTo = countUpTo(value, n, thread);
    if (thread == 0u) { atomicStore(&above, select(negative, value, upTo > below + 1u)); }
    workgroupBarrier();
    for (var t = thread; t < n; t += nThreads) {
      if (dots[t] > value) { atomicMin(&above, dots[t]); }
    }
    workgroupBarrier();
    let low = bitcast<f32>(value);
    let next = atomicLoad(&above);
    let high = bitcast<f32>(select(next, value, next > 0x7f800000u));
    let least = low + (rank - f32(below)) * (high - low);

    // the mean, relative to the channel's first template so that it is as exact far up the probe
    let home = vec3<f32>(templateUm[3u * first], templateUm[3u * first + 1u], 0.0);
    var sum = vec4<f32>(0.0);
    var peak = 0.0;
    for (var t = thread; t < n; t += nThreads) {
      if (dots[t] == negative) { continue; }
      let dot = bitcast<f32>(dots[t]);
      if (dot < least) { continue; }
      let at = 3u * (first + t);
      let site = vec3<f32>(templateUm[at], templateUm[at + 1u], templateUm[at + 2u]) - home;
      sum += dot * vec4<f32>(site, 1.0);
      peak = max(peak, dot);
    }
    sums[thread] = sum;
    peaks[thread] = peak;
    workgroupBarrier();
    if (thread == 0u) {
      for (var i = 1u; i < nThreads; i++) {
        sum += sums[i];
        peak = max(peak, peaks[i]);
      }
      let nan = bitcast<f32>(0x7fc00000u + min(0u, params.nSpikes));  // a NaN literal is not allowed in WGSL
      let place = sum.xyz / sum.w + home;
      let found = sum.w > 0.0;
      location[4u * spike] = select(nan, place.x, found);
      location[4u * spike + 1u] = select(nan, place.y, found);
      location[4u * spike + 2u] = select(nan, place.z, found);
      location[4u * spike + 3u] = select(nan, peak, found);
    }
    workgroupBarrier();
  }
}
