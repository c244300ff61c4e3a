import { Random } from "../../src/core/random.ts";
import type { PositionSet } from "../../src/core/scoreboard/grid.ts";
import type { Motion, ProbeSites, SpikeTable } from "../../src/core/types.ts";

/** Units of known place beside a small staggered probe, moved by a known motion, located with noise: what scores are tried on. */
export interface DriftingUnits {
  spikes: SpikeTable;
  probe: ProbeSites;
  /** where the localizer put them */
  positions: PositionSet;
  truth: Motion;
}

export interface DriftingOptions {
  seed?: number;
  nUnits?: number;
  durationSec?: number;
  rateHz?: number;
  /** of the weakest spikes of the strongest unit, x; depth is three quarters of it */
  noiseUm?: number;
  /** µm up the probe */
  drift: (timeSec: number) => number;
}

/** Rows every 20 µm, two contacts each, even rows 16 µm to the right. */
export function staggeredProbe(nRows: number): ProbeSites {
  const positionsUm = Array.from({ length: 2 * nRows }, (_, c): [number, number] => {
    const row = c >> 1;
    return [(row % 2 ? 0 : 16) + 32 * (c & 1), 20 * row];
  });
  const nothing = positionsUm.map(() => 0);
  const connected = positionsUm.map(() => true);
  return { model: "test", partNumber: "", nShanks: 1, positionsUm, shank: nothing, connected };
}

export function zigzag(peakToPeakUm: number, periodSec: number): (timeSec: number) => number {
  return (timeSec) => {
    const phase = (timeSec / periodSec) % 1;
    return peakToPeakUm * (phase < 0.5 ? 2 * phase : 2 - 2 * phase);
  };
}

export function rigidMotion(durationSec: number, at: (timeSec: number) => number): Motion {
  const timeBinCentersSec = Float64Array.from({ length: Math.ceil(durationSec) }, (_, i) => i + 0.5);
  return {
    displacementUm: timeBinCentersSec.map(at),
    timeBinCentersSec,
    depthBinCentersUm: Float64Array.of(0),
  };
}

export function driftingUnits({
  seed = 1,
  nUnits = 60,
  durationSec = 120,
  rateHz = 4,
  noiseUm = 4,
  drift,
}: DriftingOptions): DriftingUnits {
  const random = new Random(seed);
  const probe = staggeredProbe(50);
  const rows: number[][] = [];
  for (let u = 0; u < nUnits; u++) {
    const [x, y, z] = [-20 + 88 * random.uniform(), 1000 * random.uniform(), 5 + 40 * random.uniform()];
    const spread = noiseUm * (0.5 + random.uniform());
    const meanGapSec = 1 / (rateHz * (0.3 + 1.4 * random.uniform()));
    const gap = () => -meanGapSec * Math.log(1 - random.uniform());
    for (let t = gap(); t < durationSec; t += gap()) {
      const now = y + drift(t);
      rows.push([
        t,
        x + spread * random.normal(),
        now + 0.75 * spread * random.normal(),
        z + spread * random.normal(),
        nearest(probe, x, now),
      ]);
    }
  }
  rows.sort((a, b) => a[0] - b[0]);
  const column = (k: number) => Float64Array.from(rows, (row) => row[k]);
  const [timeSec, xUm, yUm, zUm] = [0, 1, 2, 3].map(column);
  const channel = Int32Array.from(rows, (row) => row[4]);
  const ampUv = new Float32Array(rows.length).fill(-80);
  return {
    spikes: { nSpikes: rows.length, timeSec, depthUm: yUm, xUm, zUm, ampUv, channel },
    probe,
    positions: { name: "monopolar", xUm, yUm, zUm },
    truth: rigidMotion(durationSec, drift),
  };
}

function nearest({ positionsUm }: ProbeSites, x: number, y: number): number {
  let best = 0;
  const distance = (c: number) => (positionsUm[c][0] - x) ** 2 + (positionsUm[c][1] - y) ** 2;
  for (let c = 1; c < positionsUm.length; c++) if (distance(c) < distance(best)) best = c;
  return best;
}
