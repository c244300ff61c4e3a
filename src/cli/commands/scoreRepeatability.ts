import type { ProbeSites } from "../../core/types.ts";
import type { ByteSource } from "../../io/byteSource.ts";
import { openSources } from "../../io/open.ts";
import { readLocations } from "../../io/truth.ts";
import { positionSetsOf } from "../../methods/scoreboard/positionSets.ts";
import { isDredge, REFERENCE_LOCALIZER } from "../../methods/scoreboard/reference.ts";
import { scoreboard } from "../../methods/scoreboard/scoreboard.ts";
import type { NamedMotion, Scoreboard, ScoreboardEvent, ScoreRow } from "../../protocol/scoreboard.ts";
import { progressReporter } from "../progress.ts";

/** What one folder is scored with. */
export interface RepeatabilityRequest {
  dir: string;
  sources: readonly ByteSource[];
  motions: readonly NamedMotion[];
  truth: NamedMotion | null;
  detrend: "median" | "quadratic";
  /** s; null chooses */
  binSec: number | null;
  /** contacts that a truth states, for spikes that state none */
  positionsUm: ProbeSites["positionsUm"] | null;
}

/** The scoreboard of the spikes in a folder, by every localizer; null when it holds no spikes. */
export async function repeatabilityOf(request: RepeatabilityRequest): Promise<({ dir: string } & Scoreboard) | null> {
  const { dir, sources, motions, truth, detrend, binSec } = request;
  const opened = (await openSources(sources)).find((one) => one.kind === "spikes");
  if (opened?.kind !== "spikes") return null;
  const { spikes, info } = opened;
  const probe = info.probe ?? simpleProbe(request.positionsUm);
  const positions = positionSetsOf(spikes, await readLocations(sources));
  const asked = { motions, truth, detrend, ...(binSec === null ? {} : { grid: { binSec } }) };
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt);
  const report = progressReporter(process.stderr);
  const events = scoreboard({ spikes, positions, ...(probe ? { probe } : {}) }, asked, stop.signal);
  report({ kind: "stage", name: "score", title: `Scoring ${dir}` });
  for (;;) {
    const next = await events.next();
    if (next.done) {
      process.off("SIGINT", interrupt);
      for (const message of next.value.warnings) report({ kind: "warning", code: "score", message });
      return { dir, ...next.value };
    }
    if (next.value.kind === "progress") report(asProgress(next.value));
    await new Promise((resolve) => setImmediate(resolve)); // lets an interrupt in
  }
}

function asProgress({ done, total, secondsLeft }: Extract<ScoreboardEvent, { kind: "progress" }>) {
  const ratePerSec = secondsLeft > 0 ? (total - done) / secondsLeft : 0;
  return { kind: "progress", done, total, unit: "bins", ratePerSec, secondsLeft } as const;
}

/** Contacts alone: one shank, all connected. */
function simpleProbe(positionsUm: ProbeSites["positionsUm"] | null): ProbeSites | undefined {
  if (!positionsUm) return undefined;
  const [shank, connected] = [positionsUm.map(() => 0), positionsUm.map(() => true)];
  return { model: "", partNumber: "", nShanks: 1, positionsUm, shank, connected };
}

/** Columns of the table; the first ten have the names of the published scoreboard. */
export const repeatabilityColumns = [
  ...["method", "apply_rho_bar", "apply_H_bar", "delta_rho_vs_mp_dredge"],
  ...["rho_x_global", "rho_x_local", "rho_y_global", "rho_y_local", "rho_z", "notes"],
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
];

/** One line per row of a scoreboard. */
export function repeatabilityLines({ dir, rows, verdicts }: { dir: string } & Scoreboard): object[] {
  const baseline = rows.find(
    ({ kind, positions, motion }) =>
      kind === "corrected" && positions === REFERENCE_LOCALIZER && isDredge(motion ?? ""),
  );
  return rows.map((row) => {
    const verdict = verdicts.find(
      ({ positions, motion }) => row.kind === "corrected" && positions === row.positions && motion === row.motion,
    );
    return {
      ...scoreColumns(row, baseline?.rho ?? Number.NaN),
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
  };
}
