import { type SpikeSample, sampleSpikes } from "../core/spikeSample.ts";
import type { SpikeTable } from "../core/types.ts";
import { amplitudeUnitOf } from "../protocol/datasets.ts";
import { describeInputs } from "../protocol/fingerprint.ts";
import type { PageAbout, PageContents, PagePositions, PageScore } from "../protocol/interactivePage.ts";
import type { WaveformBlock } from "../protocol/waveformBlock.ts";
import { gridInWords } from "./correlation.ts";
import { describeDataset } from "./format.ts";
import { nameOfLocalizer } from "./localizerNames.ts";
import { methodGrid } from "./methodGrid.ts";
import { useMethodScores } from "./methodScores.ts";
import { activeMotion, drawnMotions } from "./motions.ts";
import { knownPositions, ownPositions, usePositions } from "./positions.ts";
import { getResults } from "./results.ts";
import { useScores } from "./scores.ts";
import { useSession } from "./sessionStore.ts";
import { recordingName } from "./showData.ts";
import { pictureView, useView } from "./viewStore.ts";

/** What an exported page is to hold, out of what is on screen. */

/** Id of the table's own positions where no localizer is known to have given them. */
const opened = "opened";

/** Lets the page draw and answer between two passes over millions of rows. */
const breathe = () => new Promise((resolve) => setTimeout(resolve));

type Column = Float64Array | Float32Array | Int32Array;

/** Rows of a column, in its own type. */
function picked<T extends Column>(column: T, rows: Int32Array): T {
  const out = new (column.constructor as new (length: number) => T)(rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = column[rows[i]];
  return out;
}

/** [n] log10 of α, at least 0; null where there is none. */
function logOf(alpha: Float64Array): Float32Array | null {
  const log = new Float32Array(alpha.length);
  let hasAny = false;
  for (let i = 0; i < alpha.length; i++) {
    log[i] = Number.isNaN(alpha[i]) ? Number.NaN : Math.log10(Math.max(alpha[i], 1));
    hasAny ||= Number.isFinite(log[i]);
  }
  return hasAny ? log : null;
}

/** Column k of [N, 4] for some rows. */
function columnOf(xyza: Float32Array, k: number, rows: Int32Array): Float64Array {
  const out = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = xyza[4 * rows[i] + k];
  return out;
}

/** The table's own positions, for spikes of which no run knows more. */
function openedPositions(table: SpikeTable, rows: Int32Array): PagePositions {
  const alpha = table.alpha ? logOf(picked(table.alpha, rows)) : null;
  return {
    id: opened,
    title: "as opened",
    depthUm: picked(table.depthUm, rows),
    xUm: table.xUm ? picked(table.xUm, rows) : null,
    zUm: table.zUm ? picked(table.zUm, rows) : null,
    logAlpha: alpha,
    alphaOf: alpha ? opened : null,
  };
}

/** Every set of positions there is, the table's own first: a network of three outputs borrows the α of the monopolar fit. */
async function positionsOf(table: SpikeTable, rows: Int32Array): Promise<PagePositions[]> {
  const known = knownPositions();
  const own = ownPositions(known, table);
  const ids = Object.keys(known).sort((a, b) => Number(b === own) - Number(a === own));
  const all: PagePositions[] = own === null ? [openedPositions(table, rows)] : [];
  for (const id of ids) {
    const xyza = known[id];
    const columns: Float64Array[] = [];
    for (let k = 0; k < 4; k++) {
      columns.push(columnOf(xyza, k, rows));
      await breathe();
    }
    const [xUm, depthUm, zUm] = columns;
    const logAlpha = logOf(columns[3]);
    const teacher = known.monopolar ? "monopolar" : null;
    const place = { depthUm, xUm: xUm.some(Number.isFinite) ? xUm : null, zUm: zUm.some(Number.isFinite) ? zUm : null };
    all.push({ id, title: nameOfLocalizer(id), ...place, logAlpha, alphaOf: logAlpha ? id : teacher });
    await breathe();
  }
  return all;
}

/** ρ̄ of every pair that was computed on one grid for all; of none where nobody has asked for them. */
function methodScores(): PageScore[] {
  const { scores } = useMethodScores.getState();
  return methodGrid().cells.flatMap(({ row, column, key }) => {
    const score = scores[key];
    if (!score?.grid) return [];
    const motion = column.motionId === null ? null : column.title;
    return [{ positions: row.positions, motion, rho: score.rho, grid: gridInWords(score.grid) }];
  });
}

/** ρ̄ of what is on the scoreboard, without motions that have changed since. */
function boardScores(positions: readonly PagePositions[]): PageScore[] {
  const { rows, scored, truth } = useScores.getState();
  const now = new Map(drawnMotions().map(({ title, motion }) => [title, motion]));
  return rows.flatMap(({ kind, positions: name, motion, rho, grid }) => {
    if (kind !== "corrected" && kind !== "uncorrected" && kind !== "true-motion") return [];
    const then = kind === "true-motion" ? truth : scored.get(motion ?? "");
    if (kind !== "uncorrected" && (!then || now.get(motion ?? "") !== then)) return [];
    const id = positions.find((one) => one.id === name)?.id ?? null;
    return [{ positions: id, motion: kind === "uncorrected" ? null : motion, rho, grid: gridInWords(grid) }];
  });
}

async function aboutOf(seed: number, nSpikes: number): Promise<PageAbout> {
  const { run, spikeFiles, recordingFiles } = getResults();
  const { recording, spikes, compute } = useSession.getState();
  const info = recording?.info ?? spikes;
  const machine = compute && { mode: compute.mode, adapter: compute.adapter, threads: compute.threads };
  const own = new Set(info?.files.map(({ path }) => path));
  const dropped = recording ? recordingFiles : spikeFiles;
  return {
    driftscope: __DRIFTSCOPE_VERSION__,
    commit: __DRIFTSCOPE_COMMIT__,
    madeAt: new Date().toISOString(),
    seed,
    nSpikes,
    name: recording ? recordingName(recording.info) : (spikes?.title ?? "Spikes"),
    dataset: info ? describeDataset(info) : "",
    inputs: run?.provenance.inputs ?? (await describeInputs(dropped.filter(({ path }) => own.has(path)))),
    recipe: run?.recipe ?? null,
    compute: run?.provenance.compute ?? machine,
  };
}

/** [n, 2] anchors of some of the spikes, of those of all; null where they are not of this table. */
function anchorsOf(all: Float32Array | null, nSpikes: number, rows: Int32Array): Float32Array | null {
  if (all?.length !== 2 * nSpikes) return null;
  return Float32Array.from({ length: 2 * rows.length }, (_, i) => all[2 * rows[i >> 1] + (i & 1)]);
}

/** What only the compute worker knows of the spikes. */
export interface AskedOfCompute {
  /** of the chosen spikes; null where there are none, and why, one sentence */
  waveforms: WaveformBlock | null;
  whyNoWaveforms: string;
  /** [N, 2] of all spikes, µm; null where they are not known */
  anchorsUm: Float32Array | null;
}

/** The spikes that a page would hold: the same for the same seed and numbers. */
export function pageSample(nSpikes: number, counts: { nChosen: number; nOthers: number; seed: number }): SpikeSample {
  return sampleSpikes(nSpikes, counts.nChosen, counts.nOthers, counts.seed);
}

/** What of the contents was made for the page alone, and can be handed over without a copy. */
export function ownBuffers({ spikes, rows, chosen, positions, anchors, waveforms }: PageContents): ArrayBuffer[] {
  const arrays = [
    ...[spikes.timeSec, spikes.ampUv, spikes.channel, spikes.shank, spikes.unit, rows, chosen, anchors],
    ...positions.flatMap(({ xUm, depthUm, zUm, logAlpha }) => [xUm, depthUm, zUm, logAlpha]),
    ...(waveforms ? [waveforms.rows, waveforms.channels, waveforms.raw, waveforms.denoised] : []),
  ];
  return arrays.flatMap((values) => (values ? [values.buffer as ArrayBuffer] : []));
}

/** Everything that goes into the page but its script. Leaves the workbench time to draw. */
export async function pageContents(
  table: SpikeTable,
  { rows, chosen }: SpikeSample,
  seed: number,
  { waveforms, whyNoWaveforms, anchorsUm }: AskedOfCompute,
): Promise<PageContents> {
  const positions = await positionsOf(table, rows);
  const { timeSec, ampUv, channel, shank, unit } = table;
  const spikes = {
    nSpikes: rows.length,
    timeSec: picked(timeSec, rows),
    ampUv: picked(ampUv, rows),
    ...(channel ? { channel: picked(channel, rows) } : {}),
    ...(shank ? { shank: picked(shank, rows) } : {}),
    ...(unit ? { unit: picked(unit, rows) } : {}),
  };
  const wanted = usePositions.getState().chosen;
  const { bounds } = useView.getState();
  const { theme, colourMap, rasterColour, alphaScale, projectCorrected = true } = pictureView(useView.getState());
  const { recording, spikes: info } = useSession.getState();
  const hasAlpha = positions.some(({ logAlpha }) => logAlpha !== null);
  // the first look of a workbench is by amplitude; whoever has α wants to see it
  const firstColour = hasAlpha && rasterColour === "amplitude" ? "alpha" : rasterColour;
  const active = projectCorrected ? activeMotion() : null;
  const onOneGrid = methodScores();
  return {
    about: await aboutOf(seed, table.nSpikes),
    spikes,
    rows,
    chosen,
    positions,
    shownPositions: positions.find(({ id }) => id === wanted)?.id ?? positions[0].id,
    motions: drawnMotions(),
    shownMotion: active?.shown ? active.id : null,
    scores: onOneGrid.length > 0 ? onOneGrid : boardScores(positions),
    probe: recording?.recording.probe ?? info?.probe ?? null,
    sorting: info && { units: info.units ?? [], amplitudeUnit: amplitudeUnitOf(info) },
    anchors: anchorsOf(anchorsUm, table.nSpikes, rows),
    waveforms,
    whyNoWaveforms,
    look: { theme, colourMap, rasterColour: firstColour, alphaScale: alphaScale ?? "fixed", bounds },
  };
}
