import { expect, it } from "vitest";
import { assertMotion } from "../../src/core/motion.ts";
import { syntheticDefaults, syntheticSpikes } from "../../src/core/syntheticSpikes.ts";
import type { Motion, ProbeSites, SpikeTable } from "../../src/core/types.ts";
import {
  checkParams,
  type Method,
  type MethodInputs,
  type MethodResult,
  type Yielded,
} from "../../src/methods/defineMethod.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";

type Row = [timeSec: number, depthUm: number, ampUv: number, xUm?: number];

export function spikesOf(rows: Row[]): SpikeTable {
  return {
    nSpikes: rows.length,
    timeSec: Float64Array.from(rows, (r) => r[0]),
    depthUm: Float64Array.from(rows, (r) => r[1]),
    ampUv: Float32Array.from(rows, (r) => r[2]),
    xUm: Float64Array.from(rows, (r) => r[3] ?? 20),
  };
}

/** A motion that does not move, for methods that add to one: time bins of 1 s over the spikes. */
function standingStill({ timeSec, nSpikes }: SpikeTable): Motion {
  const nTimes = Math.max(1, Math.ceil(timeSec[nSpikes - 1]));
  return {
    displacementUm: new Float64Array(nTimes),
    timeBinCentersSec: Float64Array.from({ length: nTimes }, (_, t) => t + 0.5),
    depthBinCentersUm: Float64Array.of(0),
  };
}

export async function runToEnd(
  method: Method,
  inputs: Partial<MethodInputs>,
  params: ParamValues = {},
): Promise<{ result: MethodResult; warnings: string[] }> {
  const context = { seed: 0, signal: new AbortController().signal, wantsImage: () => false, resume: false };
  const motion = method.needs.includes("motion") && inputs.spikes ? { motion: standingStill(inputs.spikes) } : {};
  const all = { spikes: null, recording: null, waveforms: null, ...motion, ...inputs };
  const run = method.run(all, checkParams(method, params), context);
  const events: Yielded[] = [];
  for (;;) {
    const next = await run.next();
    if (next.done) {
      const warnings = events.flatMap((event) => (event.kind === "warning" ? [event.message] : []));
      return { result: next.value, warnings };
    }
    events.push(next.value);
  }
}

const some = syntheticSpikes({
  ...syntheticDefaults,
  durationSec: 30,
  nUnits: 20,
  depthUm: 400,
  motion: () => 0,
}).spikes;
const rows = Array.from(some.timeSec, (t, i): Row => [t, some.depthUm[i], some.ampUv[i]]);

const finite: Record<string, { rows: Row[]; durationSec?: number; warning?: string }> = {
  "one spike": { rows: [[0.4, 100, -50]] },
  "two spikes in two time bins": {
    rows: [
      [0.4, 100, -50],
      [3, 140, -60],
    ],
  },
  "constant depth": { rows: rows.map(([t, , a]) => [t, 100, a]) },
  "a depth range within one bin": { rows: rows.map(([t, y, a]) => [t, 100 + y / 1000, a]) },
  "equal amplitudes": { rows: rows.map(([t, y]) => [t, y, -40]) },
  "amplitudes of 0": { rows: rows.map(([t, y]) => [t, y, 0]) },
  "one time bin": { rows: rows.filter(([t]) => t < 0.5) },
  "minutes without spikes": { rows: [...rows, ...rows.map(([t, y, a]): Row => [t + 120, y, a])], durationSec: 300 },
  "spikes without a place": {
    rows: rows.map(([t, y, a], i) => [t, i % 3 ? y : Number.NaN, a]),
    warning: `${Math.ceil(rows.length / 3)} of ${rows.length} spikes have no depth`,
  },
};

/** What every estimator on spikes must end with: a finite motion, or its sentence. */
export function estimatorBadInputs(method: Method, params: ParamValues = {}): void {
  it.each(Object.entries(finite))("gives a finite motion for %s", async (_name, { rows, durationSec, warning }) => {
    const inputs = { spikes: spikesOf(rows), ...(durationSec ? { durationSec } : {}) };
    const { result, warnings } = await runToEnd(method, inputs, params);
    assertMotion(result.motion!);
    expect(result.motion!.displacementUm.every(Number.isFinite)).toBe(true);
    expect(result.motion!.lateralUm?.every(Number.isFinite) ?? true).toBe(true);
    if (warning) expect(warnings.filter((message) => message.includes(warning))).toHaveLength(1);
  });

  it("says in one sentence that no spike has a place", async () => {
    const nowhere = spikesOf(rows.map(([t, , a]) => [t, Number.NaN, a]));
    await expect(runToEnd(method, { spikes: nowhere }, params)).rejects.toThrow(
      `expected spikes with a depth and an amplitude, found none among ${rows.length}`,
    );
  });
}

/** Contacts in one column, from depth 0 upwards. */
export function linearProbe(nContacts: number, pitchUm: number): ProbeSites {
  const contacts = Array.from({ length: nContacts }, (_, c) => c);
  return {
    model: "synthetic",
    partNumber: "",
    nShanks: 1,
    positionsUm: contacts.map((c) => [20, pitchUm * c]),
    shank: contacts.map(() => 0),
    connected: contacts.map(() => true),
  };
}
