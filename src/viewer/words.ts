import { formatBytes, formatCount, formatNumber } from "../app/format.ts";
import { amplitudeInWords, amplitudeUnitOf } from "../protocol/datasets.ts";
import type { PageContents, PageScore } from "../protocol/interactivePage.ts";
import { alphaTitle, anchorOf, positionsOf } from "./contents.ts";
import type { ViewerState } from "./model.ts";

/** A name and what stands beside it. */
export type Fact = readonly [name: string, value: string];

const um = (value: number) => (Number.isFinite(value) ? `${value.toFixed(1).replace("-", "−")} µm` : "–");

/** Everything there is to say of the selected spike; empty without one. */
export function spikeFacts(contents: PageContents, { selected: row, positions: id }: ViewerState): Fact[] {
  if (row === null) return [];
  const { spikes, rows, sorting } = contents;
  const positions = positionsOf(contents, id);
  const anchor = anchorOf(contents, row);
  const [x, depth, z] = [positions.xUm?.[row], positions.depthUm[row], positions.zUm?.[row]];
  const channel = spikes.channel?.[row];
  const logAlpha = alphaColumn(contents, id)?.[row] ?? Number.NaN;
  const local = anchor && [(x ?? Number.NaN) - anchor[0], depth - anchor[1], z ?? Number.NaN];
  const source = alphaTitle(contents, id);
  const facts: Fact[] = [
    ["spike", formatCount(rows[row])],
    ["time", `${spikes.timeSec[row].toFixed(4)} s`],
    ["unit", unitInWords(contents, row)],
    ["amplitude", amplitudeInWords(formatNumber(spikes.ampUv[row]), amplitudeUnitOf(sorting))],
    ["peak channel", channel === undefined ? "" : String(channel)],
    ["anchor x, depth", anchor ? anchor.map(um).join(", ") : ""],
    [
      x === undefined ? "depth" : "x, depth, z",
      (x === undefined ? [depth] : [x, depth, z ?? Number.NaN]).map(um).join(", "),
    ],
    ["local x, y, z", local ? local.map(um).join(", ") : ""],
    [`log₁₀ α${source ? ` of ${source}` : ""}`, Number.isFinite(logAlpha) ? formatNumber(logAlpha) : ""],
  ];
  return facts.filter(([, value]) => value !== ""); // of what nobody knows nothing is said
}

/** "127 good"; nothing for a spike of no unit. */
function unitInWords({ spikes, sorting }: PageContents, row: number): string {
  const unit = spikes.unit?.[row] ?? -1;
  const label = sorting?.units?.find(({ id }) => id === unit)?.label;
  return unit < 0 ? "" : label ? `${unit} ${label}` : String(unit);
}

function alphaColumn(contents: PageContents, id: string): Float32Array | null {
  const positions = positionsOf(contents, id);
  return positions.logAlpha ?? contents.positions.find((one) => one.id === positions.alphaOf)?.logAlpha ?? null;
}

function scoreOf({ scores, motions }: PageContents, positions: string, motion: string | null): PageScore | undefined {
  const title = motion === null ? null : (motions.find(({ id }) => id === motion)?.title ?? null);
  return scores.find((one) => (one.positions ?? positions) === positions && one.motion === title);
}

/** "ρ̄ 0.63", or "ρ̄ n/a" where nobody computed it. */
export function rhoInWords(contents: PageContents, positions: string, motion: string | null): string {
  const rho = scoreOf(contents, positions, motion)?.rho;
  return typeof rho === "number" && Number.isFinite(rho) ? `ρ̄ ${rho.toFixed(3)}` : "ρ̄ n/a";
}

/** What is on screen in one sentence, with its ρ̄ and what that rests on. */
export function shownInWords(contents: PageContents, { positions: id, motion: motionId }: ViewerState): string {
  const { about, spikes, chosen } = contents;
  const motion = contents.motions.find((one) => one.id === motionId);
  const corrected = motion ? `corrected by ${motion.title}` : "as recorded";
  const counts = `${formatCount(spikes.nSpikes)} of ${formatCount(about.nSpikes)} spikes`;
  const clickable = `${formatCount(chosen.length)} of them can be clicked`;
  const score = scoreOf(contents, id, motionId);
  const grid = score ? ` (whole data set; ${score.grid.replace(/^Grid/, "grid").replace(/\.$/, "")})` : "";
  const rho = rhoInWords(contents, id, motionId);
  return `${positionsOf(contents, id).title}, ${corrected}: ${rho}${grid}. ${counts}; ${clickable}.`;
}

/** Where the page comes from. */
export function aboutFacts({ about, spikes, chosen }: PageContents): Fact[] {
  const { inputs, recipe, compute, seed, nSpikes } = about;
  const steps = recipe?.steps.map(({ method, params }) => {
    const set = Object.entries(params).map(([name, value]) => `${name}=${String(value)}`);
    return set.length > 0 ? `${method} (${set.join(", ")})` : method;
  });
  return [
    ["data", about.dataset || about.name],
    ["files", inputs.map(({ path, bytes }) => `${path} (${formatBytes(bytes)})`).join(", ") || "–"],
    ["made", `${about.madeAt} by Driftscope ${about.driftscope} (${about.commit})`],
    ["computed on", compute ? `${compute.mode}, ${compute.adapter}` : "–"],
    [
      "spikes",
      `${formatCount(spikes.nSpikes)} of ${formatCount(nSpikes)}, of which ${formatCount(chosen.length)} can be clicked; drawn by chance without replacement, seed ${seed}`,
    ],
    ["recipe", steps ? `seed ${recipe?.seed}: ${steps.join("; ")}` : "opened from files"],
  ];
}
