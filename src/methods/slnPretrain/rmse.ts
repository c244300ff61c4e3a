/** Root of the mean square of prediction − target, under the reference's names; NaN where there are no spikes. */
export interface Rmse {
  rmse_x: number;
  rmse_y: number;
  rmse_z: number;
  rmse_xyz: number;
}

/**
 * predicted, wanted: [n, predictedWidth] and [n, wantedWidth], x, y, z in µm first. A spike without a prediction (its waveform
 * holds what is no number) is left out.
 */
export function rmseOf(
  predicted: ArrayLike<number>,
  predictedWidth: number,
  wanted: ArrayLike<number>,
  wantedWidth: number,
): Rmse {
  const squares = [0, 0, 0];
  let n = 0;
  for (let i = 0; i * wantedWidth < wanted.length; i++) {
    const errors = [0, 1, 2].map((axis) => predicted[i * predictedWidth + axis] - wanted[i * wantedWidth + axis]);
    if (!errors.every(Number.isFinite)) continue;
    errors.forEach((error, axis) => {
      squares[axis] += error * error;
    });
    n++;
  }
  const root = (sum: number) => Math.sqrt(sum / n);
  const [x, y, z] = squares;
  return { rmse_x: root(x), rmse_y: root(y), rmse_z: root(z), rmse_xyz: root(x + y + z) };
}
