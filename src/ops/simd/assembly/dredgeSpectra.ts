// AssemblyScript. The products of spectra that DREDge's correlation is made of.
import { nBlocks, nFft } from "./dredgePlan";
import { POINT, first4, put } from "./transform";

// Σ over blocks of conj(template)·frame, and the first stage of the transform back, of two templates at a time: then a frame
// is read once for both. Sums of two points of each stay in registers.
@inline function halfQuad<T>(t: usize, u: usize, x: usize, blocks: i32, a: usize, b: usize): void {
  let r0 = v128.splat<T>(<T>0), i0 = r0, r1 = r0, i1 = r0, r2 = r0, i2 = r0, r3 = r0, i3 = r0;
  for (let n = 0; n < blocks; n++, t += 8 * sizeof<T>(), u += 8 * sizeof<T>(), x += 4 * POINT) {
    let xr = v128.load(x), xi = v128.load(x, 16), c = v128.load_splat<T>(t), s = v128.load_splat<T>(t + sizeof<T>());
    r0 = v128.add<T>(r0, v128.add<T>(v128.mul<T>(c, xr), v128.mul<T>(s, xi)));
    i0 = v128.add<T>(i0, v128.sub<T>(v128.mul<T>(c, xi), v128.mul<T>(s, xr)));
    c = v128.load_splat<T>(u); s = v128.load_splat<T>(u + sizeof<T>());
    r2 = v128.add<T>(r2, v128.add<T>(v128.mul<T>(c, xr), v128.mul<T>(s, xi)));
    i2 = v128.add<T>(i2, v128.sub<T>(v128.mul<T>(c, xi), v128.mul<T>(s, xr)));
    xr = v128.load(x, 32); xi = v128.load(x, 48); c = v128.load_splat<T>(t + 2 * sizeof<T>()); s = v128.load_splat<T>(t + 3 * sizeof<T>());
    r1 = v128.add<T>(r1, v128.add<T>(v128.mul<T>(c, xr), v128.mul<T>(s, xi)));
    i1 = v128.add<T>(i1, v128.sub<T>(v128.mul<T>(c, xi), v128.mul<T>(s, xr)));
    c = v128.load_splat<T>(u + 2 * sizeof<T>()); s = v128.load_splat<T>(u + 3 * sizeof<T>());
    r3 = v128.add<T>(r3, v128.add<T>(v128.mul<T>(c, xr), v128.mul<T>(s, xi)));
    i3 = v128.add<T>(i3, v128.sub<T>(v128.mul<T>(c, xi), v128.mul<T>(s, xr)));
  }
  put(a, r0, i0); put(a + POINT, r1, i1);
  put(b, r2, i2); put(b + POINT, r3, i3);
}

export function multiply<T>(plan: usize, t: usize, u: usize, x: usize, a: usize, b: usize): void {
  const end = a + <usize>nFft(plan) * POINT, blocks = nBlocks(plan), half = 4 * sizeof<T>();
  const next = <usize>blocks * 8 * sizeof<T>(), nextFrame = <usize>blocks * 4 * POINT;
  for (; a < end; a += 4 * POINT, b += 4 * POINT, t += next, u += next, x += nextFrame) {
    halfQuad<T>(t, u, x, blocks, a, b);
    halfQuad<T>(t + half, u + half, x + 2 * POINT, blocks, a + 2 * POINT, b + 2 * POINT);
    first4<T>(a);
    if (b != a) first4<T>(b);
  }
}
