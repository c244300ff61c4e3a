import type { Range } from "../core/types.ts";
import type { Layer } from "./figure.ts";
import { type Placed, type Point3, type Projection, seenAt, seenLine } from "./space.ts";
import type { Theme } from "./theme.ts";
import { ticksOf } from "./ticks.ts";

/** A frame around the plane z = 0 with the ticks of three axes, on the sides where they are in nobody's way. */

export interface SpaceFrame {
  projection: Projection;
  /** half the side of the square in the plane, µm */
  reachUm: number;
  zRangeUm: Range;
  pxPerUm: number;
  theme: Theme;
}

interface AxisLine {
  name: string;
  range: Range;
  /** the point of the axis at a value */
  at(value: number): Point3;
}

const tickPx = 5;
/** least distance of two labelled ticks, and least length of an axis that is named, px */
const labelEveryPx = 28;
const leastAxisPx = 36;

/** Grid and edges of the plane with its two axes, and the axis away from the probe, which stands beside the rest. */
export function spaceAxes(frame: SpaceFrame): { inPlane: Layer[]; besides: Placed[] } {
  const { projection, reachUm: r, zRangeUm, theme } = frame;
  const nearSide = (towards: number) => (towards > 0 ? r : -r);
  const [nearX, nearY] = [nearSide(projection.towards[0]), nearSide(projection.towards[1])];
  const range: Range = [-r, r];
  const alongX: AxisLine = { name: "l_x (µm)", range, at: (x) => [x, nearY, 0] };
  const alongY: AxisLine = { name: "l_y (µm)", range, at: (y) => [nearX, y, 0] };
  const corners = [-r, r].flatMap((x) => [-r, r].map((y) => [x, y] as const));
  const [cornerX, cornerY] = corners.toSorted(
    (a, b) => seenAt(projection, [...a, 0]).x - seenAt(projection, [...b, 0]).x,
  )[0];
  const alongZ: AxisLine = { name: "l_z (µm)", range: zRangeUm, at: (z) => [cornerX, cornerY, z] };
  const sides = ([low, high]: Range) => [
    ...(low < 0 ? [[low, 0] as const] : []),
    ...(high > 0 ? [[0, high] as const] : []),
  ];
  return {
    inPlane: [
      ...grid(frame),
      ...axisLine(alongX, frame, [0, Math.sign(nearY), 0]),
      ...axisLine(alongY, frame, [Math.sign(nearX), 0, 0]),
    ],
    besides: sides(zRangeUm).map((part) => ({
      at: alongZ.at((part[0] + part[1]) / 2),
      layers: axisLine({ ...alongZ, range: part }, frame, null),
    })),
  };

  function grid({ projection: seen }: SpaceFrame): Layer[] {
    const lines = ticksOf(range, 7).flatMap(({ value }) => [
      seenLine(seen, [[value, value], range, [0, 0]]),
      seenLine(seen, [range, [value, value], [0, 0]]),
    ]);
    return lines.map((line) => ({ kind: "curve", ...line, colour: theme.grid, widthPx: 1 }));
  }
}

/** An axis with its ticks, numbers and name; `outwards` is the direction in space of its labels, null for the left. */
function axisLine({ name, range, at }: AxisLine, frame: SpaceFrame, outwards: Point3 | null): Layer[] {
  const { projection, pxPerUm, theme } = frame;
  const ends = range.map((value) => seenAt(projection, at(value)));
  const lengthPx = pxPerUm * Math.hypot(ends[1].x - ends[0].x, ends[1].y - ends[0].y);
  const line = { x: ends.map(({ x }) => x), y: ends.map(({ y }) => y) };
  const layers: Layer[] = [{ kind: "curve", ...line, colour: theme.faintText, widthPx: 1 }];
  if (lengthPx < leastAxisPx) return layers;
  const away = outwards ? seenAt(projection, outwards) : { x: -1, y: 0 };
  const length = Math.hypot(away.x, away.y);
  // seen end on, an axis has no outside: its labels stand below it
  const [ox, oy] = length > 0.05 ? [away.x / length, away.y / length] : [0, -1];
  const align = ox < -0.4 ? "right" : ox > 0.4 ? "left" : "center";
  const style = { sizePx: theme.textPx, align, baseline: "middle" } as const;
  const offset = (px: number) => [ox * px, -oy * px] as const;
  for (const { value, label } of ticksOf(range, Math.max(2, Math.floor(lengthPx / labelEveryPx)))) {
    if (outwards === null && value === 0) continue; // the corner of the plane, whose own numbers stand there
    const { x, y } = seenAt(projection, at(value));
    const [tx, ty] = [x + (ox * tickPx) / pxPerUm, y + (oy * tickPx) / pxPerUm];
    layers.push({ kind: "curve", x: [x, tx], y: [y, ty], colour: theme.faintText, widthPx: 1 });
    layers.push({ kind: "label", text: label, x, y, offsetPx: offset(tickPx + 7), colour: theme.text, ...style });
  }
  const isAway = outwards === null;
  const named = isAway ? ends[1] : { x: (ends[0].x + ends[1].x) / 2, y: (ends[0].y + ends[1].y) / 2 };
  const offsetPx = isAway ? ([0, -12] as const) : offset(tickPx + 30);
  const side = isAway ? ({ ...style, align: "center" } as const) : style;
  layers.push({ kind: "label", text: name, x: named.x, y: named.y, offsetPx, colour: theme.faintText, ...side });
  return layers;
}
