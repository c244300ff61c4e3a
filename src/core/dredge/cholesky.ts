import { AppError } from "../errors.ts";

/** What rounding leaves of a pivot that is 0, as a share of its diagonal entry. */
const leastPivot = 1e-13;

/** Cholesky: the lower triangle of a symmetric positive matrix [n, n] becomes that of its factor. */
export function factorise(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    const least = leastPivot * a[i * n + i];
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
      if (i > j) a[i * n + j] = sum / a[j * n + j];
      else if (sum > least) a[i * n + i] = Math.sqrt(sum);
      else throw noSolution(i);
    }
  }
}

export function noSolution(timeBin: number): AppError {
  return new AppError(
    "bad-parameter",
    `DREDge: expected equations with one solution, found none at time bin ${timeBin} (counting from 0); raise the ridge.`,
    { timeBin },
  );
}

/** x [n, nColumns] becomes the solution of F Fᵀ x = x, F the lower triangle of `factor`. */
export function solveInPlace(factor: Float64Array, n: number, x: Float64Array, nColumns: number): void {
  const eliminate = (row: number, by: number, f: number) => {
    for (let k = 0; k < nColumns; k++) x[row * nColumns + k] -= f * x[by * nColumns + k];
  };
  const divide = (row: number) => {
    for (let k = 0; k < nColumns; k++) x[row * nColumns + k] /= factor[row * n + row];
  };
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) eliminate(i, j, factor[i * n + j]);
    divide(i);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) eliminate(i, j, factor[j * n + i]);
    divide(i);
  }
}
