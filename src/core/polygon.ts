/**
 * Whether places lie inside a closed line, by its winding number: a loop that is drawn over itself does not cut a hole. The edges
 * are sorted into strips across y once, so that a test reads the few edges of its own strip, however long the line is.
 * Source of the winding test: D. Sunday, "Inclusion of a point in a polygon" (2001).
 */

/** Strips per polygon. */
const nStrips = 256;

/** xy: x0, y0, x1, y1, … at least three corners; the last one is joined to the first. Nothing is inside fewer. */
export function insidePolygon(xy: ArrayLike<number>): (x: number, y: number) => boolean {
  const n = xy.length >> 1;
  if (n < 3) return () => false;
  let [xLow, xHigh, yLow, yHigh] = [xy[0], xy[0], xy[1], xy[1]];
  for (let i = 1; i < n; i++) {
    xLow = Math.min(xLow, xy[2 * i]);
    xHigh = Math.max(xHigh, xy[2 * i]);
    yLow = Math.min(yLow, xy[2 * i + 1]);
    yHigh = Math.max(yHigh, xy[2 * i + 1]);
  }
  const perY = yHigh > yLow ? nStrips / (yHigh - yLow) : 0;
  const stripOf = (y: number) => Math.min(nStrips - 1, Math.floor((y - yLow) * perY));
  const strips = Array.from({ length: nStrips }, (): number[] => []);
  for (let i = 0; i < n; i++) {
    const [a, b] = [stripOf(xy[2 * i + 1]), stripOf(xy[2 * ((i + 1) % n) + 1])];
    for (let strip = Math.min(a, b); strip <= Math.max(a, b); strip++) strips[strip].push(i);
  }
  return (x, y) => {
    if (!(x >= xLow && x <= xHigh && y >= yLow && y <= yHigh)) return false;
    let winding = 0;
    for (const i of strips[stripOf(y)]) {
      const j = i + 1 === n ? 0 : i + 1;
      const [ax, ay, bx, by] = [xy[2 * i], xy[2 * i + 1], xy[2 * j], xy[2 * j + 1]];
      if (ay <= y === by <= y) continue; // does not cross the height of the place
      const side = (bx - ax) * (y - ay) - (x - ax) * (by - ay);
      if (by > ay && side > 0) winding++;
      else if (by < ay && side < 0) winding--;
    }
    return winding !== 0;
  };
}
