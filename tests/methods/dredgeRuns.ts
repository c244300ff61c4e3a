import type { SpikeTable } from "../../src/core/types.ts";
import { checkParams, type MethodInputs, type MethodResult, type Yielded } from "../../src/methods/defineMethod.ts";
import { dredge } from "../../src/methods/dredge/dredge.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";

export interface DredgeRun {
  events: Yielded[];
  result: MethodResult;
  warnings: string[];
}

/** One whole run. `abortAfter`: says after which event to stop it. */
export async function runDredge(
  spikes: SpikeTable,
  params: ParamValues,
  given: Partial<MethodInputs> = {},
  abortAfter: (event: Yielded) => boolean = () => false,
): Promise<DredgeRun> {
  const controller = new AbortController();
  const context = { seed: 0, signal: controller.signal, wantsImage: () => false, resume: false };
  const run = dredge.run({ spikes, recording: null, waveforms: null, ...given }, checkParams(dredge, params), context);
  const events: Yielded[] = [];
  for (;;) {
    const next = await run.next();
    if (next.done) {
      const warnings = events.flatMap((event) => (event.kind === "warning" ? [event.message] : []));
      return { events, result: next.value, warnings };
    }
    events.push(next.value);
    if (abortAfter(next.value)) controller.abort();
  }
}

export function spikesOf(rows: readonly (readonly [timeSec: number, depthUm: number, ampUv: number])[]): SpikeTable {
  return {
    nSpikes: rows.length,
    timeSec: Float64Array.from(rows, (row) => row[0]),
    depthUm: Float64Array.from(rows, (row) => row[1]),
    ampUv: Float32Array.from(rows, (row) => row[2]),
  };
}
