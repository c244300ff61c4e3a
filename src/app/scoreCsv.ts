import type { ScoreRow } from "../protocol/scoreboard.ts";

/** Columns of a scoreboard as CSV; ρ̄ and H̄ under the names under which such scores are published. */
const COLUMNS: readonly [name: string, of: (row: ScoreRow) => string | number | null][] = [
  ["kind", (row) => row.kind],
  ["label", (row) => row.label],
  ["positions", (row) => row.positions],
  ["motion", (row) => row.motion],
  ["apply_rho", (row) => row.rho],
  ["delta_rho", (row) => row.deltaRho],
  ["apply_H", (row) => row.entropyNats],
  ["flatness_um", (row) => row.flatnessUm],
  ["sd_x_um", (row) => row.sdXUm],
  ["sd_z_um", (row) => row.sdZUm],
  ["pitch_lock", (row) => row.pitchLock],
  ["n_spikes", (row) => row.nSpikes],
  ["n_bins", (row) => row.nBins],
  ["truth_r", (row) => row.truth?.r ?? null],
  ["truth_gain", (row) => row.truth?.gain ?? null],
  ["truth_rmse_um", (row) => row.truth?.rmseUm ?? null],
  ["truth_residual_um", (row) => row.truth?.residualUm ?? null],
  ["bin_s", (row) => row.grid.binSec],
  ["pitch_um", (row) => row.grid.pitchUm],
  ["sigma_um", (row) => row.grid.sigmaUm],
  ["nx", (row) => row.grid.nx],
  ["ny", (row) => row.grid.ny],
  ["not_possible", (row) => row.notPossible],
];

/** One line per row, a header first; numbers that do not exist are empty. */
export function scoreCsv(rows: readonly ScoreRow[]): string {
  const lines = rows.map((row) => COLUMNS.map(([, of]) => cell(of(row))).join(","));
  return `${[COLUMNS.map(([name]) => name).join(","), ...lines].join("\n")}\n`;
}

function cell(value: string | number | null): string {
  if (value === null || (typeof value === "number" && !Number.isFinite(value))) return "";
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
