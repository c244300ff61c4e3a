import type { Orbit } from "../protocol/orbit.ts";
import type { Layer } from "./figure.ts";

/** Points of space on a flat picture: seen in parallel, so that a µm is as long in front as behind. */

export type Point3 = readonly [x: number, y: number, z: number];

/** The three directions of a view: to the right and up on the picture, and out of it towards the eye. */
export interface Projection {
  right: Point3;
  up: Point3;
  towards: Point3;
}

/**
 * With azimuth a and elevation e the eye is in the direction cos e · (sin a, −cos a, 0) + sin e · (0, 0, 1):
 *   right = (cos a, sin a, 0),  up = cos e · (0, 0, 1) − sin e · (sin a, −cos a, 0),  right × up = towards.
 */
export function projectionOf({ azimuthDeg, elevationDeg }: Orbit): Projection {
  const [a, e] = [(azimuthDeg * Math.PI) / 180, (elevationDeg * Math.PI) / 180];
  const [sinA, cosA, sinE, cosE] = [Math.sin(a), Math.cos(a), Math.sin(e), Math.cos(e)];
  return {
    right: [cosA, sinA, 0],
    up: [-sinE * sinA, sinE * cosA, cosE],
    towards: [cosE * sinA, -cosE * cosA, sinE],
  };
}

const dot = (a: Point3, b: Point3) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** Where a point is seen: right and up from where the origin is, and how much nearer to the eye than the origin. */
export function seenAt({ right, up, towards }: Projection, point: Point3): { x: number; y: number; nearness: number } {
  return { x: dot(point, right), y: dot(point, up), nearness: dot(point, towards) };
}

/** Layers that are drawn together, with where they are. */
export interface Placed {
  layers: readonly Layer[];
  /** a place in the middle of what the layers show */
  at: Point3;
}

/**
 * What hides what, when everything either lies in the plane z = 0 or on one side of it without crossing it: first what is
 * beyond the plane, then the plane itself in the order given, then what is before it; on each side from far to near. The plane
 * separates its two sides exactly, however large what lies in it.
 */
export function inDepthOrder(
  projection: Projection,
  inPlane: readonly Layer[],
  besides: readonly Placed[],
): readonly Layer[] {
  const nearness = ({ at }: Placed) => seenAt(projection, at).nearness;
  const farFirst = besides.toSorted((a, b) => nearness(a) - nearness(b));
  // seen along the plane itself, nothing in it hides anything
  const isBefore = ({ at }: Placed) => at[2] * projection.towards[2] >= 0;
  const beyond = farFirst.filter((one) => !isBefore(one));
  const before = farFirst.filter(isBefore);
  return [...beyond.flatMap(({ layers }) => layers), ...inPlane, ...before.flatMap(({ layers }) => layers)];
}

/** A line between points of space as it is seen. xyz: three arrays of equal length. */
export function seenLine(
  projection: Projection,
  [xs, ys, zs]: readonly [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>],
): { x: Float64Array; y: Float64Array } {
  const seen = Array.from(xs, (x, i) => seenAt(projection, [x, ys[i], zs[i]]));
  return { x: Float64Array.from(seen, (at) => at.x), y: Float64Array.from(seen, (at) => at.y) };
}
