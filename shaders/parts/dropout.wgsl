// Dropout by a counter, see core/network/dropout.ts. The kernel's Params have threshold, keptScale, seed and firstRow.
fn mix32(value: u32) -> u32 {
  var h = (value ^ (value >> 16u)) * 0x85ebca6bu;
  h = (h ^ (h >> 13u)) * 0xc2b2ae35u;
  return h ^ (h >> 16u);
}

// 0 where the unit is dropped, else 1 / (1 − p). spike: in the batch
fn keptUnit(place: u32, spike: u32, unit: u32) -> f32 {
  let own = mix32(((params.firstRow + spike) * 0x85ebca6bu) ^ (unit * 0xc2b2ae35u));
  let hash = mix32(params.seed ^ mix32((place * 0x9e3779b9u) ^ own));
  return select(params.keptScale, 0.0, params.threshold > 0u && hash < params.threshold);
}
