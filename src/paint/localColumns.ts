import { anchorsOfSpikes, contactAnchors } from "../core/spikeAnchors.ts";
import type { SpikeTable } from "../core/types.ts";
import type { PaintData } from "./pictureData.ts";
import { logAlphaOf } from "./spikeData.ts";
import { float32Of } from "./spikeLook.ts";

/** Places of spikes as seen from their anchors, one column per axis of a local plot. */
export interface LocalColumns {
  /** [N] µm, x − anchor's x */
  localX: Float32Array;
  /** [N] µm, depth − anchor's depth */
  localY: Float32Array;
  /** [N] µm, distance from the probe; null where the positions have none */
  localZ: Float32Array | null;
  /** [N] log10 α; null where the spikes have none */
  logAlpha: Float32Array | null;
}

const none: LocalColumns = { localX: new Float32Array(0), localY: new Float32Array(0), localZ: null, logAlpha: null };

/** [N, 2] anchors: those that the compute worker has told, else by peak channel and contacts; null where neither is known. */
export function shownAnchors({ anchors, probe }: Pick<PaintData, "anchors" | "probe">, spikes: SpikeTable) {
  if (anchors?.length === 2 * spikes.nSpikes) return anchors;
  const { channel } = spikes;
  return channel && probe && probe.positionsUm.length > 0 ? anchorsOfSpikes(contactAnchors(probe), channel) : null;
}

/**
 * Places of the shown set, uncorrected, relative to the anchors [N, 2] (evarol/spikeLocalizationNetwork: l_x = x − anchor x, l_y =
 * depth − anchor y, l_z = z). Single precision: a thousandth of a µm over any probe.
 */
export function localColumns(spikes: SpikeTable, anchorsUm: Float32Array): LocalColumns {
  const { nSpikes, xUm, depthUm, zUm } = spikes;
  if (!xUm) return none;
  const localX = new Float32Array(nSpikes);
  const localY = new Float32Array(nSpikes);
  for (let i = 0; i < nSpikes; i++) {
    localX[i] = xUm[i] - anchorsUm[2 * i];
    localY[i] = depthUm[i] - anchorsUm[2 * i + 1];
  }
  const hasZ = zUm?.some(Number.isFinite);
  return { localX, localY, localZ: zUm && hasZ ? float32Of(zUm) : null, logAlpha: logAlphaOf(spikes) };
}
