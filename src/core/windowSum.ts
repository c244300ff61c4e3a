/**
 * Sum of the rows within a window of each row, itself left out. Oracle of shaders/windowSum.wgsl.
 *
 *   out_t = Σ_j rows_j over 0 < |j − t| ≤ window
 *
 * A running sum, so that the width of the window costs nothing. rows, result: [T, V]; window of at least 0, Infinity for all.
 */
export function windowSum(rows: ArrayLike<number>, nRows: number, window: number): Float64Array {
  const width = rows.length / nRows;
  const sum = new Float64Array(width);
  const out = new Float64Array(rows.length);
  const add = (row: number, sign: number) => {
    if (row < 0 || row >= nRows) return;
    for (let v = 0; v < width; v++) sum[v] += sign * rows[row * width + v];
  };
  for (let t = 0; t < Math.min(window, nRows); t++) add(t, 1);
  for (let t = 0; t < nRows; t++) {
    add(t + window, 1);
    add(t - window - 1, -1);
    for (let v = 0; v < width; v++) out[t * width + v] = sum[v] - rows[t * width + v];
  }
  return out;
}
