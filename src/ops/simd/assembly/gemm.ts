// C[m, n] += A·B. A element (i, k) at a + 4·(i·rowA + k·stepA); B and C row-major with rows of ldb and ldc floats.
// m in fours, n in eights. Four rows by eight columns of C live in registers.
export function gemm(a: usize, rowA: i32, stepA: i32, b: usize, ldb: i32, c: usize, ldc: i32, m: i32, n: i32, k: i32): void {
  const rowA4 = <usize>rowA << 2, stepA4 = <usize>stepA << 2, ldb4 = <usize>ldb << 2, ldc4 = <usize>ldc << 2;
  for (let i = 0; i < m; i += 4) {
    for (let j = 0; j < n; j += 8) {
      let a0 = a + <usize>i * rowA4, a1 = a0 + rowA4, a2 = a1 + rowA4, a3 = a2 + rowA4;
      let pb = b + (<usize>j << 2);
      const c0 = c + <usize>i * ldc4 + (<usize>j << 2), c1 = c0 + ldc4, c2 = c1 + ldc4, c3 = c2 + ldc4;
      let s00 = v128.load(c0), s01 = v128.load(c0, 16), s10 = v128.load(c1), s11 = v128.load(c1, 16);
      let s20 = v128.load(c2), s21 = v128.load(c2, 16), s30 = v128.load(c3), s31 = v128.load(c3, 16);
      for (let kk = 0; kk < k; kk++) {
        const b0 = v128.load(pb), b1 = v128.load(pb, 16);
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
        a0 += stepA4; a1 += stepA4; a2 += stepA4; a3 += stepA4;
        pb += ldb4;
      }
      v128.store(c0, s00); v128.store(c0, s01, 16);
      v128.store(c1, s10); v128.store(c1, s11, 16);
      v128.store(c2, s20); v128.store(c2, s21, 16);
      v128.store(c3, s30); v128.store(c3, s31, 16);
    }
  }
}
