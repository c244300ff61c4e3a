import { median } from "../motion.ts";
import type { Motion } from "../types.ts";
import { withCurves } from "./curves.ts";

/** A motion has no zero of its own: these choose one. */

/** The same amount, µm, on top at every time and depth. */
export function shiftLevel(motion: Motion, byUm: number): Motion {
  return { ...motion, displacementUm: motion.displacementUm.map((um) => um + byUm) };
}

/** The median over time becomes 0 at each depth: the level at which motions are compared. */
export function zeroLevel(motion: Motion): Motion {
  return withCurves(
    motion,
    (curve) => {
      const level = median(curve);
      return curve.map((um) => um - level);
    },
    { lateral: false },
  );
}
