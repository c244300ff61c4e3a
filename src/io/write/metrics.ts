import type { JobEvent, RunResult, StepResult } from "../../protocol/methods.ts";
import { jsonFile, textFile, type WrittenFile } from "./file.ts";

/** Numbers of every step: its parameters, times, summary, and the whole curves. float32 values keep their nine digits. */
export function metricsFile(path: string, steps: readonly StepResult[]): WrittenFile {
  return jsonFile(path, {
    steps: steps.map((step) => ({
      method: step.method,
      params: step.params,
      complete: step.complete,
      stageSeconds: step.stageSeconds,
      summary: step.summary,
      ...(step.gate ? { gate: step.gate } : {}),
      curves: Object.fromEntries(
        Object.entries(step.metrics).map(([name, series]) => [
          name,
          { step: [...series.step], value: Array.from(series.value, (v) => Number(v.toPrecision(9))) },
        ]),
      ),
    })),
  });
}

/** One JSON object a line: when, and what was reported. A motion is reduced to its size; the last one is in its folder. */
export function logFile(path: string, log: RunResult["log"]): WrittenFile {
  const lines = log.map(({ atSec, event }) => `${JSON.stringify({ atSec, ...shortened(event) })}\n`);
  return textFile(path, lines.join(""));
}

function shortened(event: JobEvent): object {
  if (event.kind !== "motion") return event;
  const { timeBinCentersSec, depthBinCentersUm } = event.motion;
  return { kind: "motion", nTimeBins: timeBinCentersSec.length, nDepthBins: depthBinCentersUm.length };
}
