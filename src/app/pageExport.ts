import { proxy, transfer } from "comlink";
import { create } from "zustand";
import { AppError } from "../core/errors.ts";
import type { WaveformBlock } from "../protocol/waveformBlock.ts";
import { withCompute, withIo } from "./clients.ts";
import { formatBytes, formatCount } from "./format.ts";
import { isActive } from "./jobReducer.ts";
import { drawnMotions } from "./motions.ts";
import { ownBuffers, pageContents, pageSample } from "./pageContents.ts";
import { knownPositions } from "./positions.ts";
import { getResults } from "./results.ts";
import { useRun } from "./runStore.ts";
import { saveBlob } from "./saveFile.ts";
import { notify, notifyError, useSession } from "./sessionStore.ts";
import { slotOrder, whyNoWaveform } from "./spikeWaveform.ts";

/** A page that holds data and pictures in one file: how much goes into it, how large it gets, and how far its writing is. */
export interface PageExportState {
  /** spikes that can be clicked, with their waveforms */
  nChosen: number;
  /** spikes drawn beside them */
  nOthers: number;
  /** of the choice of both */
  seed: number;
  /** where the writing is; null while none is under way */
  progress: { text: string; fraction: number } | null;
}

export const usePageExport = create<PageExportState>(() => ({
  nChosen: 1000,
  nOthers: 60_000,
  seed: 0,
  progress: null,
}));

/** Waveforms of more spikes than these make a file that takes minutes to open. */
const mostWithWaveforms = 20_000;
/** Browsers hold half a gigabyte as one text. */
const mostBytes = 350_000_000;

/**
 * Bytes of the file, base64 and compression included, as they come out on recordings of ours: script and style, a spike's time,
 * amplitude and row, its channel, its depth alone, its place by one localizer, one sample of a waveform, one cell of a motion.
 */
const bytesOf = { script: 220_000, spike: 5.2, channel: 1.7, depth: 3.3, place: 9.5, sample: 1.25, cell: 2.1 };

/** What the counts come to for the spikes on screen. */
export interface PageSize {
  nChosen: number;
  nOthers: number;
  /** of the file, about */
  bytes: number;
  /** no browser would open it */
  isTooLarge: boolean;
}

/** How large the page gets; null while there are no spikes. */
export function pageSize({ nChosen, nOthers }: Pick<PageExportState, "nChosen" | "nOthers">): PageSize | null {
  const { spikes, outcomes } = getResults();
  if (!spikes) return null;
  const hasWaves = whyNoWaveform(useSession.getState()) === null;
  const k = Math.min(spikes.nSpikes, nChosen, hasWaves ? mostWithWaveforms : Number.POSITIVE_INFINITY);
  const others = Math.min(spikes.nSpikes - k, nOthers);
  const nSets = Object.keys(knownPositions(outcomes, spikes)).length || (spikes.xUm ? 1 : 0);
  const stored = Object.values(outcomes).findLast(({ waveforms }) => waveforms)?.waveforms;
  // of imported waveforms nobody has read the shape yet: the usual one
  const nSamples = hasWaves ? 2 * (stored ? stored.nSlots * stored.nSamples : 10 * 90) : 0;
  const nCells = drawnMotions().reduce((sum, { motion }) => sum + motion.displacementUm.length, 0);
  const perSpike = bytesOf.spike + (spikes.channel ? bytesOf.channel : 0) + (nSets * bytesOf.place || bytesOf.depth);
  const bytes = bytesOf.script + (k + others) * perSpike + k * nSamples * bytesOf.sample + nCells * bytesOf.cell;
  return { nChosen: k, nOthers: others, bytes, isTooLarge: bytes > mostBytes };
}

let lastJob = 0;
let job: { id: string; isCancelled: boolean } | null = null;

/** Read what is missing, write the page and hand it to the downloads. Says how it went; never rejects. */
export async function exportPage(): Promise<void> {
  if (job) return;
  const mine = { id: `page-${++lastJob}`, isCancelled: false };
  job = mine;
  const say = (text: string, fraction: number) => usePageExport.setState({ progress: { text, fraction } });
  try {
    say("Choosing spikes", 0);
    await write(mine, say);
  } catch (error) {
    notifyError(error);
  } finally {
    job = null;
    usePageExport.setState({ progress: null });
  }
}

async function write(mine: NonNullable<typeof job>, say: (text: string, fraction: number) => void): Promise<void> {
  const { spikes, spikesGeneration } = getResults();
  const { seed, ...wanted } = usePageExport.getState();
  const counts = pageSize(wanted);
  if (!spikes || spikes.nSpikes === 0 || !counts)
    throw new AppError("usage", "There are no spikes to export yet; open some, or find them in a recording.");
  if (counts.isTooLarge)
    throw new AppError(
      "usage",
      `Expected a page below ${formatBytes(mostBytes)}, found one of about ${formatBytes(counts.bytes)}: choose fewer spikes.`,
    );
  if (isActive(useRun.getState().job))
    throw new AppError("usage", "A run is still under way; wait for it or cancel it before the page is exported.");
  const sample = pageSample(spikes.nSpikes, { ...counts, seed });
  const why = whyNoWaveform(useSession.getState());
  const rows = sample.chosen.map((at) => sample.rows[at]);
  const waveforms = why === null ? await readWaveforms(mine.id, rows, say) : null;
  if (mine.isCancelled) return;
  if (spikesGeneration !== getResults().spikesGeneration)
    throw new AppError("cancelled", "Other spikes were opened while the page was being written; export again.");
  say("Writing the page", 0.9);
  // whoever opens the page has no recording to drop: what the workbench would say is not for them
  const missing = waveforms ? "" : "This page holds no waveforms: the recording was not at hand when it was made.";
  const { anchorsUm } = await withCompute((api) => api.anchors());
  const asked = { waveforms, whyNoWaveforms: missing, anchorsUm };
  const contents = await pageContents(spikes, sample, seed, asked);
  const { viewerScript } = await import("virtual:viewer-script");
  const { madeAt } = contents.about;
  const blob = await withIo((io) => io.exportPage(transfer(contents, ownBuffers(contents)), viewerScript));
  if (mine.isCancelled) return;
  saveBlob(blob, `driftscope-${madeAt.slice(0, 19).replaceAll(":", "-")}.html`);
  const shown = `${formatCount(counts.nChosen + counts.nOthers)} spikes`;
  notify(
    "info",
    `Wrote a page of ${formatBytes(blob.size)} with ${shown}: it opens by double click, without a network.`,
  );
}

function readWaveforms(
  id: string,
  rows: Int32Array,
  say: (text: string, fraction: number) => void,
): Promise<WaveformBlock | null> {
  const onProgress = (done: number, total: number) => {
    if (job?.id === id) say(`Reading waveforms: ${formatCount(done)} of ${formatCount(total)}`, 0.9 * (done / total));
  };
  return withCompute((api) => api.waveforms(id, rows, slotOrder(), proxy(onProgress)));
}

/** Give up the page under way: nothing is written. Never rejects. */
export async function cancelPageExport(): Promise<void> {
  if (!job) return;
  job.isCancelled = true;
  const { id } = job;
  await withCompute((api) => api.cancel(id)).catch(notifyError);
}
