/**
 * [N] the contact nearest to each place, the lowest number among equals; −1 where no contact may be taken. depthUm, xUm: [N] µm,
 * finite; without x the nearest in depth. `allows` leaves contacts out, of all places or of some. Searched outwards from the
 * place's depth among the contacts in order of depth, until these alone are farther than the best.
 */
export function nearestContacts(
  depthUm: Float64Array,
  xUm: Float64Array | undefined,
  positionsUm: readonly (readonly [xUm: number, yUm: number])[],
  allows: (contact: number, place: number) => boolean = () => true,
): Int32Array {
  const upwards = positionsUm.map((_, c) => c).sort((a, b) => positionsUm[a][1] - positionsUm[b][1] || a - b);
  const depths = Float64Array.from(upwards, (c) => positionsUm[c][1]);
  return Int32Array.from(depthUm, (y, i) => {
    let [best, bestSquare] = [-1, Number.POSITIVE_INFINITY];
    const look = (at: number): boolean => {
      const dy = depths[at] - y;
      if (!(dy * dy <= bestSquare)) return false;
      const c = upwards[at];
      if (!allows(c, i)) return true;
      const square = dy * dy + (xUm ? (positionsUm[c][0] - xUm[i]) ** 2 : 0);
      if (square < bestSquare || (square === bestSquare && c < best)) [best, bestSquare] = [c, square];
      return true;
    };
    const above = firstFrom(depths, y);
    for (let at = above; at < depths.length && look(at); at++);
    for (let at = above - 1; at >= 0 && look(at); at--);
    return best;
  });
}

/** Place of the first of ascending values that is not below `value`. */
function firstFrom(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
