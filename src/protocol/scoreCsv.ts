import { PUBLISHED_SCORES, PUBLISHED_SOURCE, PUBLISHED_WARNING } from "./publishedScores.ts";
import type { Scoreboard, ScoreRow } from "./scoreboard.ts";

/** A scoreboard as a table in text: the same for the command line and the page. */

/** Columns of the published scoreboard, under its names. */
export const PUBLISHED_COLUMNS = [
  ...["method", "apply_rho_bar", "apply_H_bar", "delta_rho_vs_mp_dredge"],
  ...["rho_x_global", "rho_x_local", "rho_y_global", "rho_y_local", "rho_z", "notes"],
];

const AXES = ["x", "y", "z"];
const POSITION_COLUMNS = [
  ...["truth_rms", "truth_median", "unit_bias", "unit_sd"].flatMap((name) => AXES.map((axis) => `${name}_${axis}_um`)),
  ...["slip_gain", "n_matched"],
];

/** Columns of the table: the published ones, then our own. */
export const SCORE_COLUMNS = [
  ...PUBLISHED_COLUMNS,
  ...[
    "dir",
    "row",
    "positions",
    "motion",
    "delta_rho_vs_uncorrected",
    "flatness_um",
    "sd_x_um",
    "sd_z_um",
    "pitch_lock",
  ],
  ...["n_spikes", "n_bins", "bin_sec", "pitch_um", "sigma_um", "x_from_um", "x_to_um", "y_from_um", "y_to_um"],
  ...["truth_r", "truth_gain", "truth_residual_um", "truth_rmse_um", "truth_from_sec", "truth_to_sec", "verdict"],
  ...POSITION_COLUMNS,
];

/**
 * One line per row, by column. `dir` names what was scored; `baselineRho` is ρ̄ of monopolar positions corrected by DREDge,
 * NaN where that was not scored.
 */
export function scoreLines(
  { rows, verdicts }: Pick<Scoreboard, "rows" | "verdicts">,
  dir: string,
  baselineRho: number,
): object[] {
  return rows.map((row) => {
    const verdict = verdicts.find(
      ({ positions, motion }) => row.kind === "corrected" && positions === row.positions && motion === row.motion,
    );
    return {
      ...scoreColumns(row, baselineRho),
      dir,
      notes: row.notPossible ?? [verdict?.sentence ?? "", ...(verdict?.cautions ?? [])].join(" ").trim(),
      verdict: verdict?.kind,
    };
  });
}

function scoreColumns(row: ScoreRow, baselineRho: number): object {
  const { agreement, grid, truth } = row;
  return {
    method: `${row.positions}, ${row.label}`,
    apply_rho_bar: row.rho,
    apply_H_bar: row.entropyNats,
    delta_rho_vs_mp_dredge: row.rho - baselineRho,
    rho_x_global: agreement?.xGlobal,
    rho_x_local: agreement?.xLocal,
    rho_y_global: agreement?.yGlobal,
    rho_y_local: agreement?.yLocal,
    rho_z: agreement?.z,
    row: row.kind,
    positions: row.positions,
    motion: row.motion,
    delta_rho_vs_uncorrected: row.deltaRho,
    flatness_um: row.flatnessUm,
    sd_x_um: row.sdXUm,
    sd_z_um: row.sdZUm,
    pitch_lock: row.pitchLock,
    n_spikes: row.nSpikes,
    n_bins: row.nBins,
    bin_sec: grid.binSec,
    pitch_um: grid.pitchUm,
    sigma_um: grid.sigmaUm,
    x_from_um: grid.xRangeUm?.[0],
    x_to_um: grid.xRangeUm?.[1],
    y_from_um: grid.yRangeUm[0],
    y_to_um: grid.yRangeUm[1],
    truth_r: truth?.r,
    truth_gain: truth?.gain,
    truth_residual_um: truth?.residualUm,
    truth_rmse_um: truth?.rmseUm,
    truth_from_sec: truth?.overlapSec?.[0],
    truth_to_sec: truth?.overlapSec?.[1],
    ...positionColumns(row.positionTruth),
  };
}

function positionColumns(score: ScoreRow["positionTruth"]): object {
  if (!score) return {};
  const { rmsUm, medianUm, unitBiasUm, unitSdUm, slipGain, nMatched } = score;
  const values = [...rmsUm, ...medianUm, ...unitBiasUm, ...unitSdUm, slipGain, nMatched];
  return Object.fromEntries(POSITION_COLUMNS.map((name, k) => [name, values[k]]));
}

/**
 * Lines under the columns of the published scoreboard: ours without and with correction, then those that are published. `lines`
 * are of `scoreLines`.
 */
export function publishedLines(lines: readonly object[]): object[] {
  const own = lines.filter((line) => {
    const kind = new Map<string, unknown>(Object.entries(line)).get("row");
    return kind === "uncorrected" || kind === "corrected";
  });
  const published = PUBLISHED_SCORES.map((score, k) => ({
    method: `as published: ${score.method}`,
    apply_rho_bar: score.rho,
    apply_H_bar: score.entropyNats,
    delta_rho_vs_mp_dredge: score.deltaRhoVsMpDredge,
    rho_x_global: score.xGlobal,
    rho_x_local: score.xLocal,
    rho_y_global: score.yGlobal,
    rho_y_local: score.yLocal,
    rho_z: score.z,
    notes: [PUBLISHED_SOURCE, score.note, k === 0 ? PUBLISHED_WARNING : ""].filter(Boolean).join("; "),
  }));
  return [...own, ...published];
}

/** Rows as CSV under named columns. What a row lacks stays empty, and so does a number that does not exist. */
export function csvText(names: readonly string[], rows: readonly object[]): string {
  const cell = (v: unknown) =>
    typeof v === "string" ? `"${v.replaceAll('"', '""')}"` : Number.isNaN(v) ? "" : String(v ?? "");
  const lines = rows.map((row) => {
    const values = new Map<string, unknown>(Object.entries(row));
    return names.map((name) => cell(values.get(name))).join(",");
  });
  return `${[names.join(","), ...lines].join("\n")}\n`;
}
