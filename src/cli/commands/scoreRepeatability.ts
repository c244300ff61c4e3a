import type { ProbeSites } from "../../core/types.ts";
import type { ByteSource } from "../../io/byteSource.ts";
import { openSources } from "../../io/open.ts";
import { readLocations, type SpikeTruth } from "../../io/truth.ts";
import { positionSetsOf } from "../../methods/scoreboard/positionSets.ts";
import { isDredge, REFERENCE_LOCALIZER } from "../../methods/scoreboard/reference.ts";
import { scoreboard } from "../../methods/scoreboard/scoreboard.ts";
import type { NamedMotion, Scoreboard, ScoreboardEvent, ScoreRow } from "../../protocol/scoreboard.ts";
import { scoreLines } from "../../protocol/scoreCsv.ts";
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
  /** of a simulated recording; its contacts serve spikes that state none */
  spikeTruth: SpikeTruth | null;
}

/** The scoreboard of the spikes in a folder, by every localizer; null when it holds no spikes. */
export async function repeatabilityOf(request: RepeatabilityRequest): Promise<({ dir: string } & Scoreboard) | null> {
  const { dir, sources, motions, truth, detrend, binSec, spikeTruth } = request;
  const opened = (await openSources(sources)).find((one) => one.kind === "spikes");
  if (opened?.kind !== "spikes") return null;
  const { spikes, info } = opened;
  const probe = info.probe ?? simpleProbe(spikeTruth?.positionsUm);
  const positions = positionSetsOf(spikes, await readLocations(sources));
  const asked = { motions, truth, detrend, ...(binSec === null ? {} : { grid: { binSec } }) };
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt);
  const report = progressReporter(process.stderr);
  const known = { ...(probe ? { probe } : {}), ...(spikeTruth ? { truth: spikeTruth } : {}) };
  const events = scoreboard({ spikes, positions, ...known }, asked, stop.signal);
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
function simpleProbe(positionsUm: ProbeSites["positionsUm"] | undefined): ProbeSites | undefined {
  if (!positionsUm) return undefined;
  const [shank, connected] = [positionsUm.map(() => 0), positionsUm.map(() => true)];
  return { model: "", partNumber: "", nShanks: 1, positionsUm, shank, connected };
}

/** One line per row of a scoreboard, under `SCORE_COLUMNS`. */
export function repeatabilityLines({ dir, ...board }: { dir: string } & Scoreboard): object[] {
  const isBaseline = ({ kind, positions, motion }: ScoreRow) =>
    kind === "corrected" && positions === REFERENCE_LOCALIZER && isDredge(motion ?? "");
  return scoreLines(board, dir, board.rows.find(isBaseline)?.rho ?? Number.NaN);
}
