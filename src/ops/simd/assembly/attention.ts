// AssemblyScript. Attention of the transformer's ten tokens, one spike at a time. Rows of qkv hold q, k and v of 8 heads of 16
// floats; q comes already divided by 4. Probabilities are [8 heads, 10 queries, 12 keys], the last two keys zero.
import { dropUnits, exp4 } from "./elementary";

const TOKENS: i32 = 10;
const KEYS: usize = 48; // bytes of a row of probabilities
const ROW: usize = 1536; // bytes of a row of qkv
const HEAD: usize = 64; // bytes of one head
const WIDTH: usize = 512; // bytes of all heads
export const PROBABILITIES: usize = 80 * KEYS; // bytes per spike

@inline function sumLanes(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

@inline function product16(a0: v128, a1: v128, a2: v128, a3: v128, b: usize): v128 {
  return f32x4.add(
    f32x4.add(f32x4.mul(a0, v128.load(b)), f32x4.mul(a1, v128.load(b, 16))),
    f32x4.add(f32x4.mul(a2, v128.load(b, 32)), f32x4.mul(a3, v128.load(b, 48))),
  );
}

// out[10, 12] = dot products of 10 rows of a with 12 of b, 16 floats each; lda and ldb in bytes. Rows 10 and 11 of b are read.
function dots(out: usize, a: usize, lda: usize, b: usize, ldb: usize): void {
  for (let i = 0; i < TOKENS; i++, a += lda) {
    const a0 = v128.load(a), a1 = v128.load(a, 16), a2 = v128.load(a, 32), a3 = v128.load(a, 48);
    let row = b;
    for (let j = 0; j < 3; j++, row += 4 * ldb, out += 16) {
      const p0 = product16(a0, a1, a2, a3, row), p1 = product16(a0, a1, a2, a3, row + ldb);
      const p2 = product16(a0, a1, a2, a3, row + 2 * ldb), p3 = product16(a0, a1, a2, a3, row + 3 * ldb);
      // turn and add: lane j becomes the sum of the lanes of pj
      const low = f32x4.add(v128.shuffle<f32>(p0, p1, 0, 4, 1, 5), v128.shuffle<f32>(p0, p1, 2, 6, 3, 7));
      const high = f32x4.add(v128.shuffle<f32>(p2, p3, 0, 4, 1, 5), v128.shuffle<f32>(p2, p3, 2, 6, 3, 7));
      v128.store(out, f32x4.add(v128.shuffle<f32>(low, high, 0, 1, 4, 5), v128.shuffle<f32>(low, high, 2, 3, 6, 7)));
    }
  }
}

// out rows i = Σ over ten j of coefficient(i, j)·b row j, 16 floats each; coefficient at c + i·rowC + j·stepC. Strides in bytes.
function combine(out: usize, ldo: usize, c: usize, rowC: usize, stepC: usize, b: usize, ldb: usize): void {
  for (let i = 0; i < TOKENS; i += 2, out += 2 * ldo, c += 2 * rowC) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
    let row = b, at = c;
    for (let j = 0; j < TOKENS; j++, row += ldb, at += stepC) {
      const b0 = v128.load(row), b1 = v128.load(row, 16), b2 = v128.load(row, 32), b3 = v128.load(row, 48);
      const x = v128.load32_splat(at), y = v128.load32_splat(at + rowC);
      s0 = f32x4.add(s0, f32x4.mul(x, b0));
      s1 = f32x4.add(s1, f32x4.mul(x, b1));
      s2 = f32x4.add(s2, f32x4.mul(x, b2));
      s3 = f32x4.add(s3, f32x4.mul(x, b3));
      t0 = f32x4.add(t0, f32x4.mul(y, b0));
      t1 = f32x4.add(t1, f32x4.mul(y, b1));
      t2 = f32x4.add(t2, f32x4.mul(y, b2));
      t3 = f32x4.add(t3, f32x4.mul(y, b3));
    }
    v128.store(out, s0); v128.store(out, s1, 16); v128.store(out, s2, 32); v128.store(out, s3, 48);
    const next = out + ldo;
    v128.store(next, t0); v128.store(next, t1, 16); v128.store(next, t2, 32); v128.store(next, t3, 48);
  }
}

// Softmax of ten scores per row, in place, for 10 rows of 12; the last two become 0.
function softmaxRows(p: usize): void {
  const real = i32x4(-1, -1, 0, 0), low = f32x4.splat(-1e30);
  for (let i = 0; i < TOKENS; i++, p += KEYS) {
    const s0 = v128.load(p), s1 = v128.load(p, 16), s2 = v128.bitselect(v128.load(p, 32), low, real);
    const m = f32x4.max(f32x4.max(s0, s1), s2);
    const highest = f32x4.splat(
      max(max(f32x4.extract_lane(m, 0), f32x4.extract_lane(m, 1)), max(f32x4.extract_lane(m, 2), f32x4.extract_lane(m, 3))),
    );
    const e0 = exp4(f32x4.sub(s0, highest)), e1 = exp4(f32x4.sub(s1, highest));
    const e2 = v128.and(exp4(f32x4.sub(s2, highest)), real);
    const scale = f32x4.splat(1 / sumLanes(f32x4.add(f32x4.add(e0, e1), e2)));
    v128.store(p, f32x4.mul(e0, scale));
    v128.store(p, f32x4.mul(e1, scale), 16);
    v128.store(p, f32x4.mul(e2, scale), 32);
  }
}

// Dropout of one spike's probabilities, or of their gradient.
function dropProbabilities(p: usize, place: i32, row: i32, seed: i32, threshold: i32, kept: f32): void {
  for (let i = 0; i < 8 * TOKENS; i++, p += KEYS) dropUnits(p, 12, TOKENS * i, place, row, seed, threshold, kept);
}

/** context [10, 128] of one spike. p: its probabilities; masked: those after dropout (not written where threshold is 0). */
export function attend(
  context: usize, qkv: usize, p: usize, masked: usize, place: i32, row: i32, seed: i32, threshold: i32, kept: f32,
): void {
  for (let h: usize = 0; h < 8; h++) {
    const own = p + h * 10 * KEYS;
    dots(own, qkv + h * HEAD, ROW, qkv + WIDTH + h * HEAD, ROW);
    softmaxRows(own);
  }
  let used = p;
  if (threshold != 0) {
    memory.copy(masked, p, PROBABILITIES);
    dropProbabilities(masked, place, row, seed, threshold, kept);
    used = masked;
  }
  for (let h: usize = 0; h < 8; h++) {
    combine(context + h * HEAD, WIDTH, used + h * 10 * KEYS, KEYS, 4, qkv + 2 * WIDTH + h * HEAD, ROW);
  }
}

/** Gradient [10, 384] of q, k, v of one spike from that of its context. scores: PROBABILITIES bytes of scratch. */
export function attendBackward(
  grad: usize, contextGrad: usize, qkv: usize, p: usize, masked: usize, scores: usize,
  place: i32, row: i32, seed: i32, threshold: i32, kept: f32,
): void {
  const used = threshold != 0 ? masked : p;
  for (let h: usize = 0; h < 8; h++) {
    const at = h * 10 * KEYS, head = h * HEAD;
    dots(scores + at, contextGrad + head, WIDTH, qkv + 2 * WIDTH + head, ROW);
    combine(grad + 2 * WIDTH + head, ROW, used + at, 4, KEYS, contextGrad + head, WIDTH);
  }
  if (threshold != 0) dropProbabilities(scores, place, row, seed, threshold, kept);
  for (let i: usize = 0; i < 80; i++) {
    const g = scores + i * KEYS, q = p + i * KEYS;
    const g0 = v128.load(g), g1 = v128.load(g, 16), g2 = v128.load(g, 32);
    const p0 = v128.load(q), p1 = v128.load(q, 16), p2 = v128.load(q, 32);
    const along = f32x4.splat(sumLanes(f32x4.add(f32x4.add(f32x4.mul(g0, p0), f32x4.mul(g1, p1)), f32x4.mul(g2, p2))));
    v128.store(g, f32x4.mul(p0, f32x4.sub(g0, along)));
    v128.store(g, f32x4.mul(p1, f32x4.sub(g1, along)), 16);
    v128.store(g, f32x4.mul(p2, f32x4.sub(g2, along)), 32);
  }
  for (let h: usize = 0; h < 8; h++) {
    const at = h * 10 * KEYS, head = h * HEAD;
    combine(grad + head, ROW, scores + at, KEYS, 4, qkv + WIDTH + head, ROW);
    combine(grad + WIDTH + head, ROW, scores + at, 4, KEYS, qkv + head, ROW);
  }
}
