/**
 * How many values one sample of a headerless recording has. Samples lie one after the other, so the same channel comes
 * back after each row: a value is foretold best by the one a row before, and each column has a mean and a spread of its
 * own (offsets of amplifiers, reference sites, digital words).
 */

/** A stretch of consecutive values of a file. */
export interface ValueRun {
  /** place of the first one, counted in values from the beginning of the file */
  start: number;
  values: Float32Array;
}

export interface RowLength {
  /** values per sample */
  nValues: number;
  /** 0 to 1, by how much less is left unexplained than by rows of a length that means nothing */
  score: number;
}

const MAX_ROW = 2048;
/** Recordings usually have so many channels: asked for even where nothing hints at them. */
const USUAL = [1, 4, 8, 16, 17, 32, 33, 64, 65, 96, 128, 129, 256, 257, 383, 384, 385, 512, 768, 1024, 1536, 1540];
/** Lengths that mean nothing, prime and of no usual multiple: what chance explains. */
const MEANINGLESS = [37, 53, 79, 101, 149, 211, 307, 401, 503, 701];
const N_HINTED = 20;
/** Rows that a length needs, so that means and spreads of its columns can be told. */
const MIN_ROWS = 8;
/** Values that the first pass over all lengths looks at. */
const N_COARSE = 1 << 16;
const N_BESIDE = 4;
/** Columns of sites that a probe has side by side at most, and how much more a true row must tell than they do. */
const MAX_LATTICE = 16;
const MIN_GAIN = 0.05;
/** A multiple of a length counts as more than that length only where it is better by this. */
const MULTIPLE_MARGIN = 0.02;

/**
 * Lengths of a row from the likeliest down, best score first.
 *
 * First pass, all lengths L: the mean absolute difference D(L) of values L apart has a dip where L is a row (or where
 * sites lie in a lattice): 1 − D(L) / mean of D(L ± 1 … 4). Second pass, the deepest dips and the usual counts: column c
 * of rows of that length is taken as a Gaussian process of order one, x[t] = m + ρ (x[t−1] − m) + noise of variance v_c;
 * log-likelihood per value ℓ(L) = −½ mean log v_c, less Akaike's penalty for its 3 L parameters, doubled because spikes
 * are no Gaussian noise. v_c is at least a thousandth of their median: a constant column counts, but not without end.
 * The score is 1 − exp(−2 (ℓ(L) − ℓ₀)), ℓ₀ the median over lengths that mean nothing.
 *
 * Two things look like rows and are none. A multiple of the length foretells from further away, but has more columns: it
 * stands behind the length unless it is better by a margin. Sites that lie close in a lattice of n columns resemble the one
 * n values before: see `behindLattice`.
 */
export function rankRowLengths(given: readonly ValueRun[]): RowLength[] {
  const runs = withoutOutliers(given);
  const nValues = runs.reduce((sum, { values }) => sum + values.length, 0);
  const longest = Math.max(0, ...runs.map(({ values }) => values.length));
  const maxRow = Math.min(MAX_ROW, Math.floor(Math.min(longest, nValues) / MIN_ROWS));
  if (maxRow < 1) return [];
  const usual = USUAL.filter((n) => n <= maxRow);
  const asked = [...new Set([...deepestDips(runs, maxRow), ...usual])];
  const chance = median(MEANINGLESS.filter((n) => n <= maxRow).map((n) => logLikelihood(runs, n)));
  // of so few values that no meaningless length fits, the worst stands for chance
  const found = asked.map((n) => ({ nValues: n, gain: logLikelihood(runs, n) }));
  const base = Number.isFinite(chance) ? chance : Math.min(...found.map(({ gain }) => gain));
  const ranked = found
    .map((one) => ({ nValues: one.nValues, score: Math.max(0, 1 - Math.exp(-2 * (one.gain - base))) }))
    .filter(({ score }) => Number.isFinite(score))
    .sort((a, b) => b.score - a.score || a.nValues - b.nValues);
  const [best] = ranked;
  if (!best) return [];
  const divisor = ranked.find(
    ({ nValues, score }) =>
      nValues > 1 && nValues < best.nValues && best.nValues % nValues === 0 && best.score - score < MULTIPLE_MARGIN,
  );
  const isRow =
    divisor && (divisor.nValues > MAX_LATTICE || gainOverLattice(runs, divisor.nValues, best.nValues) < MIN_GAIN);
  let top = isRow ? divisor : best;
  // a lattice may lie in a lattice: neighbours in columns of the probe
  for (let hidden: RowLength | undefined = top; hidden; hidden = behindLattice(runs, top.nValues, ranked)) top = hidden;
  return [top, ...ranked.filter((one) => one !== top)];
}

/**
 * The length of a row that a lattice of n columns hides, if there is one. Where n values are a whole row, what lies further
 * back than three rows tells nothing beyond those three. Where they are only a lattice, the value a true row before tells of
 * its own channel: the best length that lowers the error of a linear prediction from n, 2n and 3n before by more than a
 * twentieth is the row.
 */
function behindLattice(runs: readonly ValueRun[], n: number, ranked: readonly RowLength[]): RowLength | undefined {
  if (n > MAX_LATTICE) return undefined;
  return ranked.find(
    ({ nValues, score }) =>
      nValues > 3 * n && score > ranked[0].score / 2 && gainOverLattice(runs, n, nValues) > MIN_GAIN,
  );
}

/** Share by which the value `lag` before lowers the squared error of a prediction from those n, 2n and 3n before. */
function gainOverLattice(runs: readonly ValueRun[], n: number, lag: number): number {
  const lags = [n, 2 * n, 3 * n, lag, 0];
  const products = lags.map(() => new Float64Array(lags.length));
  const shift = middleOf(runs);
  const x = new Float64Array(lags.length);
  for (const { values } of runs) {
    for (let i = Math.max(lag, 3 * n); i < values.length; i++) {
      for (let a = 0; a < lags.length; a++) x[a] = values[i - lags[a]] - shift;
      for (let a = 0; a < lags.length; a++) for (let b = a; b < lags.length; b++) products[a][b] += x[a] * x[b];
    }
  }
  const errorBefore = errorOf(products, [0, 1, 2, 4]);
  return errorBefore > 0 ? 1 - errorOf(products, [0, 1, 2, 3, 4]) / errorBefore : 0;
}

/** Squared error of the last of these quantities when it is predicted from the others: Gaussian elimination. */
function errorOf(products: readonly Float64Array[], of: readonly number[]): number {
  const rows = of.map((a) => of.map((b) => products[Math.min(a, b)][Math.max(a, b)]));
  const last = rows.length - 1;
  for (let p = 0; p < last; p++) {
    if (!(rows[p][p] > 0)) continue;
    for (let r = p + 1; r <= last; r++) {
      const factor = rows[r][p] / rows[p][p];
      for (let c = p; c <= last; c++) rows[r][c] -= factor * rows[p][c];
    }
  }
  return rows[last][last];
}

/** The lengths at which values resemble each other more than at the lengths around. */
function deepestDips(runs: readonly ValueRun[], maxRow: number): number[] {
  const difference = meanDifferences(runs, maxRow + N_BESIDE);
  const dips: { n: number; depth: number }[] = [];
  for (let n = 2; n <= maxRow; n++) {
    const reach = Math.min(N_BESIDE, n - 1);
    let around = 0;
    for (let k = 1; k <= reach; k++) around += difference[n - k] + difference[n + k];
    const depth = 1 - (difference[n] * 2 * reach) / around;
    if (depth > 0) dips.push({ n, depth });
  }
  dips.sort((a, b) => b.depth - a.depth);
  return dips.slice(0, N_HINTED).map(({ n }) => n);
}

/** D(L) for L up to maxLag, over parts of all runs. */
function meanDifferences(runs: readonly ValueRun[], maxLag: number): Float64Array {
  const sum = new Float64Array(maxLag + 1);
  const nEach = Math.ceil(N_COARSE / runs.length);
  for (const { values } of runs) {
    const from = values.length > nEach + maxLag ? (values.length - nEach - maxLag) >> 1 : 0;
    const part = values.subarray(from, Math.min(values.length, from + nEach + maxLag));
    for (let lag = 1; lag <= maxLag; lag++) {
      const n = Math.min(nEach, part.length - lag);
      let total = 0;
      for (let i = 0; i < n; i++) total += Math.abs(part[i + lag] - part[i]);
      if (n > 0) sum[lag] += total / n;
    }
  }
  return sum;
}

/** Log-likelihood per value of rows of n values, but for a constant that all lengths share. */
function logLikelihood(runs: readonly ValueRun[], n: number): number {
  const { residual, nPairs } = columnResiduals(runs, n);
  const floor = Math.max(1e-3 * median(residual), Number.MIN_VALUE);
  let sum = 0;
  for (const variance of residual) sum -= 0.5 * Math.log(Math.max(variance, floor));
  return sum / n - (2 * 3 * n) / nPairs;
}

/**
 * [n] variance of each column that the value a row before leaves unexplained. Columns are counted from the beginning of
 * the file, so that they are the same in every run.
 */
function columnResiduals(runs: readonly ValueRun[], n: number): { residual: Float64Array; nPairs: number } {
  const count = new Float64Array(n);
  const sums = [0, 1, 2, 3, 4].map(() => new Float64Array(n)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const [x, y, xx, yy, xy] = sums;
  const shift = middleOf(runs);
  let nPairs = 0;
  for (const { start, values } of runs) {
    let column = (start + n) % n;
    for (let i = n; i < values.length; i++) {
      const before = values[i - n] - shift;
      const now = values[i] - shift;
      count[column]++;
      x[column] += before;
      y[column] += now;
      xx[column] += before * before;
      yy[column] += now * now;
      xy[column] += before * now;
      if (++column === n) column = 0;
    }
    nPairs += Math.max(0, values.length - n);
  }
  const residual = new Float64Array(n);
  for (let c = 0; c < n; c++) {
    const m = Math.max(1, count[c]);
    const varBefore = xx[c] / m - (x[c] / m) ** 2;
    const varNow = yy[c] / m - (y[c] / m) ** 2;
    const covariance = xy[c] / m - (x[c] / m) * (y[c] / m);
    residual[c] = Math.max(0, varNow - (varBefore > 0 ? covariance ** 2 / varBefore : 0));
  }
  return { residual, nPairs };
}

/**
 * Values far beyond all but a thousandth of them brought back: bytes of a header and artefacts would decide the spread of
 * the columns they happen to lie in.
 */
function withoutOutliers(runs: readonly ValueRun[]): ValueRun[] {
  const some = runs.flatMap(({ values }) => Array.from(values.filter((_, i) => i % 16 === 0)));
  const sorted = Float64Array.from(some).sort();
  if (sorted.length === 0) return [...runs];
  const [low, high] = [0.001, 0.999].map((share) => sorted[Math.round(share * (sorted.length - 1))]);
  const [least, most] = [2 * low - high, 2 * high - low];
  return runs.map(({ start, values }) => ({
    start,
    values: values.map((value) => (value < least ? least : value > most ? most : value)),
  }));
}

/** A number near all values, so that squares keep their digits. */
function middleOf(runs: readonly ValueRun[]): number {
  const values = runs[0]?.values ?? [];
  const step = Math.max(1, Math.floor(values.length / 1000));
  const some: number[] = [];
  for (let i = 0; i < values.length; i += step) some.push(values[i]);
  return median(some) || 0;
}

function median(values: ArrayLike<number>): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1];
}
