// AssemblyScript. Localizers, one share of the spikes per thread. Formulas and borders: src/core/monopolar.ts.

const MAX_STEPS: i32 = 100;
const SMALLEST_STEP: f64 = 1e-5;
const START_Z_UM: f64 = 20;

// An evaluation is eleven float64: value, α, half the gradient (x, y, w), the matrix (xx, xy, xw, yy, yw, ww).
const EVALUATION: usize = 88;

// contacts: n triples (x, y, u) of float64, relative to the centre of mass, u over its maximum. w = log z.
function evaluate(contacts: usize, n: i32, x: f64, y: f64, w: f64, maxAlpha: f64, penalty: f64, out: usize): void {
  const z = Math.exp(w), zz = z * z, end = contacts + <usize>n * 24;
  let qq: f64 = 0, qu: f64 = 0, uu: f64 = 0;
  let ux: f64 = 0, uy: f64 = 0, uw: f64 = 0, qx: f64 = 0, qy: f64 = 0, qw: f64 = 0;
  let xx: f64 = 0, xy: f64 = 0, xw: f64 = 0, yy: f64 = 0, yw: f64 = 0, ww: f64 = 0;
  // one pass: every sum that α multiplies is kept apart, and α applied afterwards
  for (let c = contacts; c < end; c += 24) {
    const dx = x - load<f64>(c), dy = y - load<f64>(c, 8), u = load<f64>(c, 16);
    const q2 = 1.0 / (dx * dx + dy * dy + zz), q = Math.sqrt(q2), q3 = q * q2;
    const sx = -dx * q3, sy = -dy * q3, sw = -zz * q3;
    qq += q2; qu += q * u; uu += u * u;
    ux += u * sx; uy += u * sy; uw += u * sw;
    qx += q * sx; qy += q * sy; qw += q * sw;
    xx += sx * sx; xy += sx * sy; xw += sx * sw;
    yy += sy * sy; yw += sy * sw; ww += sw * sw;
  }
  const best = qu / qq, free: f64 = best < maxAlpha ? 1.0 / qq : 0, alpha = Math.min(best, maxAlpha);
  const over = 1.0 / <f64>n, slope = -alpha * over, scale = alpha * alpha * over;
  store<f64>(out, (uu - 2 * alpha * qu + alpha * alpha * qq) * over - (penalty > 0 ? penalty * Math.log1p(10 * z) : 0));
  store<f64>(out, alpha, 8);
  store<f64>(out, slope * (ux - alpha * qx), 16);
  store<f64>(out, slope * (uy - alpha * qy), 24);
  const gradientW = slope * (uw - alpha * qw) - 5 * penalty * z / (1 + 10 * z);
  store<f64>(out, gradientW, 32);
  store<f64>(out, scale * (xx - free * qx * qx), 40);
  store<f64>(out, scale * (xy - free * qx * qy), 48);
  store<f64>(out, scale * (xw - free * qx * qw), 56);
  store<f64>(out, scale * (yy - free * qy * qy), 64);
  store<f64>(out, scale * (yw - free * qy * qw), 72);
  store<f64>(out, scale * (ww - free * qw * qw) + 2 * Math.abs(gradientW), 80);
}

// Gather a spike's contacts; the centre of mass and the largest feature go to `head`. 0 when it cannot be located.
function loadContacts(feature: usize, slots: usize, positions: usize, nSlots: i32, contacts: usize, head: usize): i32 {
  let n = 0, sum: f64 = 0, cx: f64 = 0, cy: f64 = 0, largest: f64 = 0;
  for (let k = 0; k < nSlots; k++) {
    const channel = load<i32>(slots + (<usize>k << 2));
    if (channel < 0) continue;
    const u: f64 = Math.abs(load<f32>(feature + (<usize>k << 2))), at = positions + (<usize>channel << 3);
    if (!(u < Infinity)) return 0;
    const x: f64 = load<f32>(at), y: f64 = load<f32>(at, 4), to = contacts + <usize>n * 24;
    store<f64>(to, x); store<f64>(to, y, 8); store<f64>(to, u, 16);
    cx += u * x; cy += u * y; sum += u;
    largest = Math.max(largest, u);
    n++;
  }
  if (largest == 0) return 0;
  cx /= sum; cy /= sum;
  store<f64>(head, cx); store<f64>(head, cy, 8); store<f64>(head, largest, 16);
  for (let k = 0; k < n; k++) {
    const to = contacts + <usize>k * 24;
    store<f64>(to, load<f64>(to) - cx); store<f64>(to, load<f64>(to, 8) - cy, 8);
    store<f64>(to, load<f64>(to, 16) / largest, 16);
  }
  return n;
}

function isHeld(p: f64, low: f64, high: f64, gradient: f64): bool {
  return (p <= low && gradient > 0) || (p >= high && gradient < 0);
}

// Levenberg–Marquardt from the centre of mass. head: centre x, y, largest feature; result: five float32.
function fitSpike(contacts: usize, n: i32, head: usize, bound: f64, penalty: f64, scratch: usize, result: usize): void {
  const top = Math.log(10 * bound), maxAlpha = penalty > 0 ? Infinity : bound;
  let now = scratch, trial = scratch + EVALUATION;
  let x: f64 = 0, y: f64 = 0, w = Math.min(Math.log(START_Z_UM), top), damping: f64 = 1;
  evaluate(contacts, n, x, y, w, maxAlpha, penalty, now);
  for (let k = 0; k < MAX_STEPS; k++) {
    const g0 = load<f64>(now, 16), g1 = load<f64>(now, 24), g2 = load<f64>(now, 32);
    const h0 = isHeld(x, -bound, bound, g0), h1 = isHeld(y, -bound, bound, g1), h2 = isHeld(w, 0, top, g2);
    const more = 1 + damping;
    const l00 = Math.sqrt(h0 ? 1 : load<f64>(now, 40) * more + 1e-18);
    const l10 = h0 || h1 ? 0 : load<f64>(now, 48) / l00, l20 = h0 || h2 ? 0 : load<f64>(now, 56) / l00;
    const l11 = Math.sqrt(Math.max((h1 ? 1 : load<f64>(now, 64) * more + 1e-18) - l10 * l10, 1e-30));
    const l21 = ((h1 || h2 ? 0 : load<f64>(now, 72)) - l20 * l10) / l11;
    const l22 = Math.sqrt(Math.max((h2 ? 1 : load<f64>(now, 80) * more + 1e-18) - l20 * l20 - l21 * l21, 1e-30));
    const b0 = (h0 ? 0 : -g0) / l00, b1 = ((h1 ? 0 : -g1) - l10 * b0) / l11;
    let s2 = ((h2 ? 0 : -g2) - l20 * b0 - l21 * b1) / l22 / l22;
    let s1 = (b1 - l21 * s2) / l11, s0 = (b0 - l10 * s1 - l20 * s2) / l00;
    const reach = START_Z_UM + Math.exp(w);
    const shrink = 1 / Math.max(1, Math.max(Math.max(Math.abs(s0), Math.abs(s1)) / reach, Math.abs(s2)));
    s0 = Math.min(bound, Math.max(-bound, x + shrink * s0));
    s1 = Math.min(bound, Math.max(-bound, y + shrink * s1));
    s2 = Math.min(top, Math.max(0, w + shrink * s2));
    const moved = Math.max(Math.max(Math.abs(s0 - x), Math.abs(s1 - y)), Math.abs(s2 - w));
    evaluate(contacts, n, s0, s1, s2, maxAlpha, penalty, trial);
    if (load<f64>(trial) <= load<f64>(now)) {
      x = s0; y = s1; w = s2;
      const other = now; now = trial; trial = other;
      damping = Math.max(damping / 3, 1e-9);
    } else damping *= 3;
    if (moved < SMALLEST_STEP) break;
  }
  store<f32>(result, <f32>(load<f64>(head) + x)); store<f32>(result, <f32>(load<f64>(head, 8) + y), 4);
  store<f32>(result, <f32>Math.exp(w), 8);
  store<f32>(result, <f32>(load<f64>(now, 8) * load<f64>(head, 16)), 12);
  store<f32>(result, <f32>load<f64>(now), 16);
}

/**
 * Spikes [from, to) of monopolar triangulation. feature: [N, K] floats; channel: [N] ints; slots: [C, K] ints;
 * positions: [C, 2] floats; result: [N, 5] floats. options: two float64, the largest distance and the penalty's weight
 * (0: least squares). scratch, of this thread alone: 24·K + 2·EVALUATION + 24 bytes, a multiple of 8.
 */
export function monopolarFits(
  feature: usize, channel: usize, slots: usize, positions: usize, result: usize,
  from: i32, to: i32, nSlots: i32, options: usize, scratch: usize,
): void {
  const contacts = scratch + 2 * EVALUATION, head = contacts + <usize>nSlots * 24, rowBytes = <usize>nSlots << 2;
  const bound = load<f64>(options), penalty = load<f64>(options, 8);
  for (let s = from; s < to; s++) {
    const table = slots + <usize>load<i32>(channel + (<usize>s << 2)) * rowBytes, out = result + <usize>s * 20;
    const n = loadContacts(feature + <usize>s * rowBytes, table, positions, nSlots, contacts, head);
    if (n > 0) fitSpike(contacts, n, head, bound, penalty, scratch, out);
    else for (let i: usize = 0; i < 20; i += 4) store<f32>(out + i, <f32>NaN);
  }
}
