/**
 * A square matrix in at most `most` rows, for a picture: means over square blocks of neighbouring time bins, all equally large
 * but for the last. On the diagonal a block leaves out the entries of a bin with itself, which are 1 by definition; one that has
 * no others stays 1. `values` [n, n] row-major; gives [rows, rows] with the number of bins that a row stands for.
 */
export function blockMeans(
  values: Float32Array,
  n: number,
  most: number,
): { values: Float32Array; nRows: number; binsPerRow: number } {
  const binsPerRow = Math.max(1, Math.ceil(n / most));
  if (binsPerRow === 1) return { values, nRows: n, binsPerRow };
  const nRows = Math.ceil(n / binsPerRow);
  const out = new Float32Array(nRows * nRows);
  const sum = new Float64Array(nRows);
  for (let row = 0; row < nRows; row++) {
    sum.fill(0);
    const [from, to] = [row * binsPerRow, Math.min(n, (row + 1) * binsPerRow)];
    for (let i = from; i < to; i++) {
      for (let j = 0; j < n; j++) if (i !== j) sum[Math.floor(j / binsPerRow)] += values[i * n + j];
    }
    for (let column = 0; column < nRows; column++) {
      const width = Math.min(n, (column + 1) * binsPerRow) - column * binsPerRow;
      const nPairs = (to - from) * width - (row === column ? to - from : 0);
      out[row * nRows + column] = nPairs > 0 ? sum[column] / nPairs : 1;
    }
  }
  return { values: out, nRows, binsPerRow };
}
