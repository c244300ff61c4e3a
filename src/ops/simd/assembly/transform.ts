// AssemblyScript. Complex transforms of a few sequences side by side, float32 or float64: a point is one vector of real and
// one of imaginary parts. In place: forwards leaves the spectrum in bit-reversed order and backwards takes it so. Stages of
// four points, and one of two where log2 n is odd: the first forwards, the last backwards. n: a power of two from 16 on.
export const POINT: usize = 32; // bytes: four and four float32, or two and two float64

// Twiddles of a stage of s = 16, 64, … points: exp(−2πi·kp/s), k = 1, 2, 3, as pairs, for p below s/4; stages ascending,
// then exp(−2πi·p/n), p below n/2, where log2 n is odd. Before the stage whose quarter is q stand (q − 4)/3 triples.
@inline function stageTwiddles<T>(twiddles: usize, quarter: usize): usize { return twiddles + (quarter - 4) / 3 * 6 * sizeof<T>(); }

@inline export function re(at: usize): v128 { return v128.load(at); }
@inline export function im(at: usize): v128 { return v128.load(at, 16); }
@inline export function put(at: usize, r: v128, i: v128): void { v128.store(at, r); v128.store(at, i, 16); }
@inline function plus<T>(a: v128, b: v128): v128 { return v128.add<T>(a, b); }
@inline function minus<T>(a: v128, b: v128): v128 { return v128.sub<T>(a, b); }
// (r + i·j)·(c + s·j), and times the conjugate
@inline function timesRe<T>(r: v128, i: v128, c: v128, s: v128): v128 { return minus<T>(v128.mul<T>(r, c), v128.mul<T>(i, s)); }
@inline function timesIm<T>(r: v128, i: v128, c: v128, s: v128): v128 { return plus<T>(v128.mul<T>(r, s), v128.mul<T>(i, c)); }
@inline function backRe<T>(r: v128, i: v128, c: v128, s: v128): v128 { return plus<T>(v128.mul<T>(r, c), v128.mul<T>(i, s)); }
@inline function backIm<T>(r: v128, i: v128, c: v128, s: v128): v128 { return minus<T>(v128.mul<T>(i, c), v128.mul<T>(r, s)); }

// The last stage forwards: four points without twiddles.
function last4<T>(a: usize, end: usize): void {
  for (; a < end; a += 4 * POINT) {
    const r0 = re(a), i0 = im(a), r1 = re(a + POINT), i1 = im(a + POINT);
    const r2 = re(a + 2 * POINT), i2 = im(a + 2 * POINT), r3 = re(a + 3 * POINT), i3 = im(a + 3 * POINT);
    const sr = plus<T>(r0, r2), si = plus<T>(i0, i2), dr = minus<T>(r0, r2), di = minus<T>(i0, i2);
    const ur = plus<T>(r1, r3), ui = plus<T>(i1, i3), er = minus<T>(r1, r3), ei = minus<T>(i1, i3);
    put(a, plus<T>(sr, ur), plus<T>(si, ui));
    put(a + POINT, minus<T>(sr, ur), minus<T>(si, ui));
    put(a + 2 * POINT, plus<T>(dr, ei), minus<T>(di, er));
    put(a + 3 * POINT, minus<T>(dr, ei), plus<T>(di, er));
  }
}

// The first stage backwards.
@inline export function first4<T>(a: usize): void {
  const r0 = re(a), i0 = im(a), r1 = re(a + POINT), i1 = im(a + POINT);
  const r2 = re(a + 2 * POINT), i2 = im(a + 2 * POINT), r3 = re(a + 3 * POINT), i3 = im(a + 3 * POINT);
  const sr = plus<T>(r0, r1), si = plus<T>(i0, i1), ur = minus<T>(r0, r1), ui = minus<T>(i0, i1);
  const dr = plus<T>(r2, r3), di = plus<T>(i2, i3), er = minus<T>(r2, r3), ei = minus<T>(i2, i3);
  put(a, plus<T>(sr, dr), plus<T>(si, di));
  put(a + 2 * POINT, minus<T>(sr, dr), minus<T>(si, di));
  put(a + POINT, minus<T>(ur, ei), plus<T>(ui, er));
  put(a + 3 * POINT, plus<T>(ur, ei), minus<T>(ui, er));
}

function split4<T>(a: usize, end: usize, quarter: usize, twiddles: usize): void {
  const step = quarter * POINT;
  for (; a < end; a += 4 * step) {
    for (let p = a, w = twiddles; p < a + step; p += POINT, w += 6 * sizeof<T>()) {
      const p1 = p + step, p2 = p1 + step, p3 = p2 + step;
      const r0 = re(p), i0 = im(p), r1 = re(p1), i1 = im(p1), r2 = re(p2), i2 = im(p2), r3 = re(p3), i3 = im(p3);
      const sr = plus<T>(r0, r2), si = plus<T>(i0, i2), dr = minus<T>(r0, r2), di = minus<T>(i0, i2);
      const ur = plus<T>(r1, r3), ui = plus<T>(i1, i3), er = minus<T>(r1, r3), ei = minus<T>(i1, i3);
      put(p, plus<T>(sr, ur), plus<T>(si, ui));
      let c = v128.load_splat<T>(w + 2 * sizeof<T>()), s = v128.load_splat<T>(w + 3 * sizeof<T>());
      let xr = minus<T>(sr, ur), xi = minus<T>(si, ui);
      put(p1, timesRe<T>(xr, xi, c, s), timesIm<T>(xr, xi, c, s));
      c = v128.load_splat<T>(w); s = v128.load_splat<T>(w + sizeof<T>()); xr = plus<T>(dr, ei); xi = minus<T>(di, er);
      put(p2, timesRe<T>(xr, xi, c, s), timesIm<T>(xr, xi, c, s));
      c = v128.load_splat<T>(w + 4 * sizeof<T>()); s = v128.load_splat<T>(w + 5 * sizeof<T>());
      xr = minus<T>(dr, ei); xi = plus<T>(di, er);
      put(p3, timesRe<T>(xr, xi, c, s), timesIm<T>(xr, xi, c, s));
    }
  }
}

// Points from `kept` on, counted within each run of 4·quarter, are not wanted.
@inline function join4<T>(a: usize, end: usize, quarter: usize, twiddles: usize, kept: usize): void {
  const step = quarter * POINT;
  for (; a < end; a += 4 * step) {
    for (let p = a, w = twiddles; p < a + step; p += POINT, w += 6 * sizeof<T>()) {
      const p1 = p + step, p2 = p1 + step, p3 = p2 + step;
      const r0 = re(p), i0 = im(p);
      let xr = re(p1), xi = im(p1), c = v128.load_splat<T>(w + 2 * sizeof<T>()), s = v128.load_splat<T>(w + 3 * sizeof<T>());
      const r1 = backRe<T>(xr, xi, c, s), i1 = backIm<T>(xr, xi, c, s);
      xr = re(p2); xi = im(p2); c = v128.load_splat<T>(w); s = v128.load_splat<T>(w + sizeof<T>());
      const r2 = backRe<T>(xr, xi, c, s), i2 = backIm<T>(xr, xi, c, s);
      xr = re(p3); xi = im(p3); c = v128.load_splat<T>(w + 4 * sizeof<T>()); s = v128.load_splat<T>(w + 5 * sizeof<T>());
      const r3 = backRe<T>(xr, xi, c, s), i3 = backIm<T>(xr, xi, c, s);
      const sr = plus<T>(r0, r1), si = plus<T>(i0, i1), dr = plus<T>(r2, r3), di = plus<T>(i2, i3);
      put(p, plus<T>(sr, dr), plus<T>(si, di));
      if (kept <= quarter) continue;
      const ur = minus<T>(r0, r1), ui = minus<T>(i0, i1), er = minus<T>(r2, r3), ei = minus<T>(i2, i3);
      put(p1, minus<T>(ur, ei), plus<T>(ui, er));
      if (kept <= 2 * quarter) continue;
      put(p2, minus<T>(sr, dr), minus<T>(si, di));
      put(p3, plus<T>(ur, ei), minus<T>(ui, er));
    }
  }
}

function joinAll4<T>(a: usize, end: usize, quarter: usize, twiddles: usize): void {
  join4<T>(a, end, quarter, twiddles, 4 * quarter);
}

function joinSome4<T>(a: usize, end: usize, quarter: usize, twiddles: usize, kept: usize): void {
  join4<T>(a, end, quarter, twiddles, kept);
}

function split2<T>(a: usize, half: usize, twiddles: usize): void {
  for (let p = a, q = a + half, w = twiddles; p < a + half; p += POINT, q += POINT, w += 2 * sizeof<T>()) {
    const r0 = re(p), i0 = im(p), r1 = re(q), i1 = im(q);
    const c = v128.load_splat<T>(w), s = v128.load_splat<T>(w + sizeof<T>());
    put(p, plus<T>(r0, r1), plus<T>(i0, i1));
    const xr = minus<T>(r0, r1), xi = minus<T>(i0, i1);
    put(q, timesRe<T>(xr, xi, c, s), timesIm<T>(xr, xi, c, s));
  }
}

function join2<T>(a: usize, half: usize, twiddles: usize, kept: usize): void {
  const end = a + min(half, kept * POINT), isAll = kept * POINT > half;
  for (let p = a, q = a + half, w = twiddles; p < end; p += POINT, q += POINT, w += 2 * sizeof<T>()) {
    const r0 = re(p), i0 = im(p), xr = re(q), xi = im(q);
    const c = v128.load_splat<T>(w), s = v128.load_splat<T>(w + sizeof<T>());
    const r1 = backRe<T>(xr, xi, c, s), i1 = backIm<T>(xr, xi, c, s);
    put(p, plus<T>(r0, r1), plus<T>(i0, i1));
    if (isAll) put(q, minus<T>(r0, r1), minus<T>(i0, i1));
  }
}

export function forwards<T>(a: usize, n: i32, twiddles: usize): void {
  const end = a + <usize>n * POINT;
  let quarter = <usize>n >> 2;
  if ((ctz(n) & 1) == 1) {
    quarter >>= 1;
    split2<T>(a, <usize>(n >> 1) * POINT, stageTwiddles<T>(twiddles, 4 * quarter));
  }
  for (; quarter >= 4; quarter >>= 2) split4<T>(a, end, quarter, stageTwiddles<T>(twiddles, quarter));
  last4<T>(a, end);
}

// Without its first stage, which is first4; only the first `kept` points are wanted.
export function backwards<T>(a: usize, n: i32, twiddles: usize, kept: i32): void {
  const end = a + <usize>n * POINT, isOdd = (ctz(n) & 1) == 1, last = <usize>(isOdd ? n >> 3 : n >> 2);
  let quarter: usize = 4;
  for (; quarter < last || (isOdd && quarter == last); quarter <<= 2)
    joinAll4<T>(a, end, quarter, stageTwiddles<T>(twiddles, quarter));
  if (isOdd) join2<T>(a, <usize>(n >> 1) * POINT, stageTwiddles<T>(twiddles, quarter), <usize>kept);
  else joinSome4<T>(a, end, last, stageTwiddles<T>(twiddles, last), <usize>kept);
}
