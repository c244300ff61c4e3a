// AssemblyScript. Filter and delay eight channels at a time through their spectrum; the formula stands in
// src/core/spectralFilter.ts. Four channels are the lanes of the real part, four others those of the imaginary part, of one
// complex transform. It runs in place: decimation in frequency leaves the spectrum in bit-reversed order, where the partner
// N − k of every k lies mirrored within the same run of places; decimation in time takes that order back. Both go
// through a block down to its last point before the next one, so that all but the first stages stay in the nearer caches.
const POINT: usize = 32; // bytes of one frame row: four real parts, four imaginary parts
const FINE: i32 = 64; // k = FINE·coarse + fine: phases come from two small tables

@inline function re(at: usize): v128 { return v128.load(at); }
@inline function im(at: usize): v128 { return v128.load(at, 16); }
@inline function put(at: usize, r: v128, i: v128): void { v128.store(at, r); v128.store(at, i, 16); }
// (r + i·j)·(c + s·j)
@inline function timesRe(r: v128, i: v128, c: v128, s: v128): v128 { return f32x4.sub(f32x4.mul(r, c), f32x4.mul(i, s)); }
@inline function timesIm(r: v128, i: v128, c: v128, s: v128): v128 { return f32x4.add(f32x4.mul(r, s), f32x4.mul(i, c)); }
// x·conj(c + s·j)
@inline function backRe(r: v128, i: v128, c: v128, s: v128): v128 { return f32x4.add(f32x4.mul(r, c), f32x4.mul(i, s)); }
@inline function backIm(r: v128, i: v128, c: v128, s: v128): v128 { return f32x4.sub(f32x4.mul(i, c), f32x4.mul(r, s)); }

// Four points `step` bytes apart, without twiddles: the last stage forwards.
@inline function last4(a: usize): void {
  const r0 = re(a), i0 = im(a), r1 = re(a + POINT), i1 = im(a + POINT);
  const r2 = re(a + 2 * POINT), i2 = im(a + 2 * POINT), r3 = re(a + 3 * POINT), i3 = im(a + 3 * POINT);
  const sr = f32x4.add(r0, r2), si = f32x4.add(i0, i2), dr = f32x4.sub(r0, r2), di = f32x4.sub(i0, i2);
  const ur = f32x4.add(r1, r3), ui = f32x4.add(i1, i3), er = f32x4.sub(r1, r3), ei = f32x4.sub(i1, i3);
  put(a, f32x4.add(sr, ur), f32x4.add(si, ui));
  put(a + POINT, f32x4.sub(sr, ur), f32x4.sub(si, ui));
  put(a + 2 * POINT, f32x4.add(dr, ei), f32x4.sub(di, er));
  put(a + 3 * POINT, f32x4.sub(dr, ei), f32x4.add(di, er));
}

// The first stage backwards.
@inline function first4(a: usize): void {
  const r0 = re(a), i0 = im(a), r1 = re(a + POINT), i1 = im(a + POINT);
  const r2 = re(a + 2 * POINT), i2 = im(a + 2 * POINT), r3 = re(a + 3 * POINT), i3 = im(a + 3 * POINT);
  const sr = f32x4.add(r0, r1), si = f32x4.add(i0, i1), ur = f32x4.sub(r0, r1), ui = f32x4.sub(i0, i1);
  const dr = f32x4.add(r2, r3), di = f32x4.add(i2, i3), er = f32x4.sub(r2, r3), ei = f32x4.sub(i2, i3);
  put(a, f32x4.add(sr, dr), f32x4.add(si, di));
  put(a + 2 * POINT, f32x4.sub(sr, dr), f32x4.sub(si, di));
  put(a + POINT, f32x4.sub(ur, ei), f32x4.add(ui, er));
  put(a + 3 * POINT, f32x4.add(ur, ei), f32x4.sub(ui, er));
}

// n in powers of four; twiddles: exp(−2πi·j/N) as pairs, `every` = N/n.
function forwards(a: usize, n: i32, twiddles: usize, every: usize): void {
  if (n == 1) return;
  if (n == 4) { last4(a); return; }
  const quarter = <usize>(n >> 2) * POINT, end = a + quarter, step = every << 3;
  let w1 = twiddles, w2 = twiddles, w3 = twiddles;
  for (let p = a; p < end; p += POINT, w1 += step, w2 += 2 * step, w3 += 3 * step) {
    const p1 = p + quarter, p2 = p1 + quarter, p3 = p2 + quarter;
    const r0 = re(p), i0 = im(p), r1 = re(p1), i1 = im(p1), r2 = re(p2), i2 = im(p2), r3 = re(p3), i3 = im(p3);
    const sr = f32x4.add(r0, r2), si = f32x4.add(i0, i2), dr = f32x4.sub(r0, r2), di = f32x4.sub(i0, i2);
    const ur = f32x4.add(r1, r3), ui = f32x4.add(i1, i3), er = f32x4.sub(r1, r3), ei = f32x4.sub(i1, i3);
    put(p, f32x4.add(sr, ur), f32x4.add(si, ui));
    let c = v128.load32_splat(w2), s = v128.load32_splat(w2, 4), xr = f32x4.sub(sr, ur), xi = f32x4.sub(si, ui);
    put(p1, timesRe(xr, xi, c, s), timesIm(xr, xi, c, s));
    c = v128.load32_splat(w1); s = v128.load32_splat(w1, 4); xr = f32x4.add(dr, ei); xi = f32x4.sub(di, er);
    put(p2, timesRe(xr, xi, c, s), timesIm(xr, xi, c, s));
    c = v128.load32_splat(w3); s = v128.load32_splat(w3, 4); xr = f32x4.sub(dr, ei); xi = f32x4.add(di, er);
    put(p3, timesRe(xr, xi, c, s), timesIm(xr, xi, c, s));
  }
  for (let b = 0; b < 4; b++) forwards(a + <usize>b * quarter, n >> 2, twiddles, every << 2);
}

function backwards(a: usize, n: i32, twiddles: usize, every: usize): void {
  if (n == 1) return;
  if (n == 4) { first4(a); return; }
  const quarter = <usize>(n >> 2) * POINT, end = a + quarter, step = every << 3;
  for (let b = 0; b < 4; b++) backwards(a + <usize>b * quarter, n >> 2, twiddles, every << 2);
  let w1 = twiddles, w2 = twiddles, w3 = twiddles;
  for (let p = a; p < end; p += POINT, w1 += step, w2 += 2 * step, w3 += 3 * step) {
    const p1 = p + quarter, p2 = p1 + quarter, p3 = p2 + quarter;
    const r0 = re(p), i0 = im(p);
    let xr = re(p1), xi = im(p1), c = v128.load32_splat(w2), s = v128.load32_splat(w2, 4);
    const r1 = backRe(xr, xi, c, s), i1 = backIm(xr, xi, c, s);
    xr = re(p2); xi = im(p2); c = v128.load32_splat(w1); s = v128.load32_splat(w1, 4);
    const r2 = backRe(xr, xi, c, s), i2 = backIm(xr, xi, c, s);
    xr = re(p3); xi = im(p3); c = v128.load32_splat(w3); s = v128.load32_splat(w3, 4);
    const r3 = backRe(xr, xi, c, s), i3 = backIm(xr, xi, c, s);
    const sr = f32x4.add(r0, r1), si = f32x4.add(i0, i1), ur = f32x4.sub(r0, r1), ui = f32x4.sub(i0, i1);
    const dr = f32x4.add(r2, r3), di = f32x4.add(i2, i3), er = f32x4.sub(r2, r3), ei = f32x4.sub(i2, i3);
    put(p, f32x4.add(sr, dr), f32x4.add(si, di));
    put(p2, f32x4.sub(sr, dr), f32x4.sub(si, di));
    put(p1, f32x4.sub(ur, ei), f32x4.add(ui, er));
    put(p3, f32x4.add(ur, ei), f32x4.sub(ui, er));
  }
}

// One stage of two, where log2 N is odd: halves of the frame, then each half on its own.
function forwards2(a: usize, n: i32, twiddles: usize): void {
  const half = <usize>(n >> 1) * POINT;
  for (let p = a, w = twiddles; p < a + half; p += POINT, w += 8) {
    const r0 = re(p), i0 = im(p), r1 = re(p + half), i1 = im(p + half), c = v128.load32_splat(w), s = v128.load32_splat(w, 4);
    put(p, f32x4.add(r0, r1), f32x4.add(i0, i1));
    const xr = f32x4.sub(r0, r1), xi = f32x4.sub(i0, i1);
    put(p + half, timesRe(xr, xi, c, s), timesIm(xr, xi, c, s));
  }
  forwards(a, n >> 1, twiddles, 2);
  forwards(a + half, n >> 1, twiddles, 2);
}

function backwards2(a: usize, n: i32, twiddles: usize): void {
  const half = <usize>(n >> 1) * POINT;
  backwards(a, n >> 1, twiddles, 2);
  backwards(a + half, n >> 1, twiddles, 2);
  for (let p = a, w = twiddles; p < a + half; p += POINT, w += 8) {
    const r0 = re(p), i0 = im(p), c = v128.load32_splat(w), s = v128.load32_splat(w, 4);
    const xr = re(p + half), xi = im(p + half), r1 = backRe(xr, xi, c, s), i1 = backIm(xr, xi, c, s);
    put(p, f32x4.add(r0, r1), f32x4.add(i0, i1));
    put(p + half, f32x4.sub(r0, r1), f32x4.sub(i0, i1));
  }
}

// Rows of eight channels into the frame. columns, gains: of these eight.
function gather(samples: usize, isFloat: bool, nRows: i32, nColumns: i32, columns: usize, gains: usize, window: usize, frame: usize, n: i32): void {
  const first = load<i32>(columns), low = v128.load(gains), high = v128.load(gains, 16);
  let adjacent = true;
  for (let i = 1; i < 8; i++) adjacent = adjacent && load<i32>(columns + (<usize>i << 2)) == first + i;
  const size: usize = isFloat ? 4 : 2, row = <usize>nColumns * size;
  let from = samples + (adjacent ? <usize>first * size : 0), to = frame;
  for (let t = 0; t < nRows; t++, from += row, to += POINT) {
    let a: v128, b: v128;
    if (adjacent && !isFloat) {
      const x = v128.load(from);
      a = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(x));
      b = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(x));
    } else if (adjacent) {
      a = v128.load(from);
      b = v128.load(from, 16);
    } else {
      for (let i: usize = 0; i < 8; i++) {
        const at = from + <usize>load<i32>(columns + (i << 2)) * size;
        store<f32>(to + (i << 2), isFloat ? load<f32>(at) : <f32>load<i16>(at));
      }
      a = v128.load(to);
      b = v128.load(to, 16);
    }
    const w = v128.load32_splat(window + (<usize>t << 2));
    put(to, f32x4.mul(f32x4.mul(a, low), w), f32x4.mul(f32x4.mul(b, high), w));
  }
  memory.fill(to, 0, <usize>(n - nRows) * POINT);
}

// cos and sin of 2π·k·delay/N for eight channels: [4 cos, 4 sin, 4 cos, 4 sin] per entry, fine k from 0, then coarse k.
function phaseTables(delays: usize, n: i32, fine: usize, coarse: usize): void {
  for (let lane: usize = 0; lane < 8; lane++) {
    const at = ((lane >> 2) << 5) + ((lane & 3) << 2), angle = 2 * Math.PI * <f64>load<f32>(delays + (lane << 2)) / n;
    turn(fine + at, angle, FINE);
    turn(coarse + at, angle * FINE, n / 2 / FINE + 1);
  }
}

function turn(out: usize, angle: f64, count: i32): void {
  const c = Math.cos(angle), s = Math.sin(angle);
  let x: f64 = 1, y: f64 = 0;
  for (let i = 0; i < count; i++, out += 64) {
    store<f32>(out, <f32>x);
    store<f32>(out + 16, <f32>y);
    const next = x * c - y * s;
    y = x * s + y * c;
    x = next;
  }
}

// The spectrum in bit-reversed order times response and phase; scaled by 1/N.
function multiply(frame: usize, n: i32, order: usize, response: usize, fine: usize, coarse: usize): void {
  put(frame, scaled(re(frame), load<f32>(response) / <f32>n), scaled(im(frame), load<f32>(response) / <f32>n));
  const top = frame + POINT, atTop = coarse + (<usize>(n / 2 / FINE) << 6), rest = fine + (<usize>((n / 2) & (FINE - 1)) << 6);
  const g = load<f32>(response + (<usize>(n / 2) << 2)) / <f32>n;
  put(top, scaled(f32x4.mul(re(top), backIm(v128.load(rest, 16), v128.load(rest), v128.load(atTop), v128.load(atTop, 16))), g),
    scaled(f32x4.mul(im(top), backIm(v128.load(rest, 48), v128.load(rest, 32), v128.load(atTop, 32), v128.load(atTop, 48))), g));
  for (let run = 2; run < n; run <<= 1) {
    let low = frame + <usize>run * POINT, high = frame + <usize>(2 * run - 1) * POINT;
    for (let p = run; p < 2 * run; p += 2, low += 2 * POINT, high -= 2 * POINT) {
      const k = load<i32>(order + (<usize>p << 2));
      const f = fine + (<usize>(k & (FINE - 1)) << 6), c = coarse + (<usize>(k / FINE) << 6);
      const scale = f32x4.splat(<f32>0.5 * load<f32>(response + (<usize>k << 2)) / <f32>n);
      const r1 = re(low), i1 = im(low), r2 = re(high), i2 = im(high);
      const ar = f32x4.mul(scale, f32x4.add(r1, r2)), ai = f32x4.mul(scale, f32x4.sub(i1, i2));
      const br = f32x4.mul(scale, f32x4.add(i1, i2)), bi = f32x4.mul(scale, f32x4.sub(r2, r1));
      let fc = v128.load(f), fs = v128.load(f, 16), cc = v128.load(c), cs = v128.load(c, 16);
      let cos = timesRe(fc, fs, cc, cs), sin = timesIm(fc, fs, cc, cs);
      const pr = backRe(ar, ai, cos, sin), pi = backIm(ar, ai, cos, sin);
      fc = v128.load(f, 32); fs = v128.load(f, 48); cc = v128.load(c, 32); cs = v128.load(c, 48);
      cos = timesRe(fc, fs, cc, cs); sin = timesIm(fc, fs, cc, cs);
      const qr = backRe(br, bi, cos, sin), qi = backIm(br, bi, cos, sin);
      put(low, f32x4.sub(pr, qi), f32x4.add(pi, qr));
      put(high, f32x4.add(pr, qi), f32x4.sub(qr, pi));
    }
  }
}

@inline function scaled(x: v128, by: f32): v128 { return f32x4.mul(x, f32x4.splat(by)); }

/**
 * Channels of the groups first, first + step, … of eight. samples: [nRows, nColumns] int16, or float32 when isFloat.
 * columns, gains, delays: per channel, padded to eights (a padded channel has column 0, gain 0, delay 0).
 * window: [nRows]; response: [n/2 + 1]; twiddles: exp(−2πi·j/n), j below n, as pairs; order: [n] bit-reversed places.
 * out: [to − from, nChannels]. n: a power of two from 16 on. scratch: 32·n + 64·(64 + n/128 + 1) bytes, of this thread.
 */
export function spectralTile(
  samples: usize, isFloat: i32, nRows: i32, nColumns: i32, columns: usize, gains: usize, delays: usize, nChannels: i32,
  window: usize, response: usize, twiddles: usize, order: usize, n: i32, from: i32, to: i32, out: usize,
  first: i32, step: i32, scratch: usize,
): void {
  const frame = scratch, fine = frame + <usize>n * POINT, coarse = fine + (<usize>FINE << 6);
  const odd = (ctz(n) & 1) == 1;
  for (let group = first; group * 8 < nChannels; group += step) {
    const channel = <usize>group << 5;
    gather(samples, isFloat != 0, nRows, nColumns, columns + channel, gains + channel, window, frame, n);
    phaseTables(delays + channel, n, fine, coarse);
    if (odd) forwards2(frame, n, twiddles); else forwards(frame, n, twiddles, 1);
    multiply(frame, n, order, response, fine, coarse);
    if (odd) backwards2(frame, n, twiddles); else backwards(frame, n, twiddles, 1);
    const row = <usize>nChannels << 2, whole = group * 8 + 8 <= nChannels;
    let at = frame + <usize>from * POINT, target = out + channel;
    for (let t = from; t < to; t++, at += POINT, target += row) {
      if (whole) { v128.store(target, re(at)); v128.store(target, im(at), 16); }
      else memory.copy(target, at, <usize>(nChannels - group * 8) << 2);
    }
  }
}
