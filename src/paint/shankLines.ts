import type { DrawnMotion } from "../protocol/motions.ts";

const known = new WeakMap<readonly DrawnMotion[], readonly DrawnMotion[]>();

/**
 * The motions that pictures draw as lines and fields: where shanks moved apart, each of them in place of their mean, in
 * shades of the motion's colour. The list itself where none did; the same list for the same motions.
 */
export function shankLines(motions: readonly DrawnMotion[]): readonly DrawnMotion[] {
  if (!motions.some(({ motion }) => motion.byShank)) return motions;
  const before = known.get(motions);
  if (before) return before;
  const lines = motions.flatMap((drawn) => {
    const shanks = drawn.motion.byShank ?? [];
    if (shanks.length === 0) return [drawn];
    return shanks.map((motion, shank) => {
      const share = (0.6 * shank) / shanks.length;
      const colour = { dark: mixed(drawn.colour.dark, 255, share), light: mixed(drawn.colour.light, 0, share) };
      return { ...drawn, id: `${drawn.id}-shank${shank}`, title: `${drawn.title}, shank ${shank + 1}`, motion, colour };
    });
  });
  known.set(motions, lines);
  return lines;
}

/** #rrggbb with a share of white (255) or black (0). */
function mixed(hex: string, towards: number, share: number): string {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return `#${channels.map((value) => toHex(value + share * (towards - value))).join("")}`;
}

function toHex(value: number): string {
  return Math.round(value).toString(16).padStart(2, "0");
}
