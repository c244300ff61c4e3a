// Five rows by eight columns of C stay in registers. a0: first row of A, its elements `step` bytes apart, its rows `row`
// bytes; b: eight columns, a row every `ldb` bytes; c: rows every `ldc` bytes. `add` keeps what C holds.
function fiveRows(a0: usize, row: usize, step: usize, b: usize, ldb: usize, c0: usize, ldc: usize, k: i32, add: bool): void {
  let a1 = a0 + row, a2 = a1 + row, a3 = a2 + row, a4 = a3 + row;
  const c1 = c0 + ldc, c2 = c1 + ldc, c3 = c2 + ldc, c4 = c3 + ldc;
  const zero = f32x4.splat(0);
  let s00 = add ? v128.load(c0) : zero, s01 = add ? v128.load(c0, 16) : zero;
  let s10 = add ? v128.load(c1) : zero, s11 = add ? v128.load(c1, 16) : zero;
  let s20 = add ? v128.load(c2) : zero, s21 = add ? v128.load(c2, 16) : zero;
  let s30 = add ? v128.load(c3) : zero, s31 = add ? v128.load(c3, 16) : zero;
  let s40 = add ? v128.load(c4) : zero, s41 = add ? v128.load(c4, 16) : zero;
  for (let i = 0; i < k; i++) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a0);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    x = v128.load32_splat(a1);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    x = v128.load32_splat(a2);
    s20 = f32x4.add(s20, f32x4.mul(x, b0));
    s21 = f32x4.add(s21, f32x4.mul(x, b1));
    x = v128.load32_splat(a3);
    s30 = f32x4.add(s30, f32x4.mul(x, b0));
    s31 = f32x4.add(s31, f32x4.mul(x, b1));
    x = v128.load32_splat(a4);
    s40 = f32x4.add(s40, f32x4.mul(x, b0));
    s41 = f32x4.add(s41, f32x4.mul(x, b1));
    a0 += step; a1 += step; a2 += step; a3 += step; a4 += step;
    b += ldb;
  }
  v128.store(c0, s00); v128.store(c0, s01, 16);
  v128.store(c1, s10); v128.store(c1, s11, 16);
  v128.store(c2, s20); v128.store(c2, s21, 16);
  v128.store(c3, s30); v128.store(c3, s31, 16);
  v128.store(c4, s40); v128.store(c4, s41, 16);
}

// As above for a single row.
function oneRow(a: usize, step: usize, b: usize, ldb: usize, c: usize, k: i32, add: bool): void {
  let s0 = f32x4.splat(0), s1 = s0;
  if (add) { s0 = v128.load(c); s1 = v128.load(c, 16); }
  for (let i = 0; i < k; i++) {
    const x = v128.load32_splat(a);
    s0 = f32x4.add(s0, f32x4.mul(x, v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(x, v128.load(b, 16)));
    a += step; b += ldb;
  }
  v128.store(c, s0); v128.store(c, s1, 16);
}

// C[m, n] = A·B, or C += A·B with `add`; n in eights, best m in fives. Strides in floats.
// A element (i, k) at i·rowA + k·stepA, so that rows may overlap (a convolution) or A be read transposed; B and C row-major
// with rows of ldb and ldc floats.
export function multiply(
  a: usize, rowA: i32, stepA: i32, b: usize, ldb: i32, c: usize, ldc: i32, m: i32, n: i32, k: i32, add: bool,
): void {
  const row = <usize>rowA << 2, step = <usize>stepA << 2, ldb4 = <usize>ldb << 2, ldc4 = <usize>ldc << 2;
  for (let j: usize = 0; j < <usize>n << 2; j += 32) {
    let at = a, out = c + j, i = 0;
    for (; i + 5 <= m; i += 5) {
      fiveRows(at, row, step, b + j, ldb4, out, ldc4, k, add);
      at += 5 * row; out += 5 * ldc4;
    }
    for (; i < m; i++) {
      oneRow(at, step, b + j, ldb4, out, k, add);
      at += row; out += ldc4;
    }
  }
}

// C[m, n] += A·B; see multiply.
export function gemm(a: usize, rowA: i32, stepA: i32, b: usize, ldb: i32, c: usize, ldc: i32, m: i32, n: i32, k: i32): void {
  multiply(a, rowA, stepA, b, ldb, c, ldc, m, n, k, true);
}
