import { assert } from "./errors.ts";

/** Where each spike goes when it is seen at other positions. */
export interface Displacements {
  /** [N] target − source across the probe, µm; NaN where either has no place */
  dxUm: Float32Array;
  /** [N] the same along the probe, upwards */
  dyUm: Float32Array;
  /** [N] √(dx² + dy²), µm */
  lengthUm: Float32Array;
  /** spikes that both place */
  n: number;
}

/** x and depth of every spike, µm. */
export interface PlanePlaces {
  xUm: ArrayLike<number>;
  depthUm: ArrayLike<number>;
}

/** target − source of every spike in the plane of the probe. */
export function displacementsOf(source: PlanePlaces, target: PlanePlaces): Displacements {
  const nSpikes = source.depthUm.length;
  assert(target.depthUm.length === nSpikes, "source and target are of the same spikes");
  const dxUm = new Float32Array(nSpikes);
  const dyUm = new Float32Array(nSpikes);
  const lengthUm = new Float32Array(nSpikes);
  let n = 0;
  for (let i = 0; i < nSpikes; i++) {
    const dx = target.xUm[i] - source.xUm[i];
    const dy = target.depthUm[i] - source.depthUm[i];
    const length = Math.sqrt(dx * dx + dy * dy);
    const isThere = Number.isFinite(length);
    dxUm[i] = isThere ? dx : Number.NaN;
    dyUm[i] = isThere ? dy : Number.NaN;
    lengthUm[i] = isThere ? length : Number.NaN;
    if (isThere) n++;
  }
  return { dxUm, dyUm, lengthUm, n };
}
