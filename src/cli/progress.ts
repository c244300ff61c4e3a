import type { JobEvent } from "../protocol/methods.ts";

const barWidth = 24;
/** What is said for those who watch curves and pictures. */
const PICTURES: readonly JobEvent["kind"][] = ["metric", "motion", "spikes", "positions", "correlation"];

/** Progress on stderr: one line that redraws itself on a terminal, one JSON object per line otherwise (at most 2 a second). */
export function progressReporter(stream: NodeJS.WriteStream): (event: JobEvent) => void {
  let lastMs = -Infinity;
  let loss = "";
  return (event) => {
    if (event.kind === "metric") loss = `  loss ${event.values.loss?.toFixed(4) ?? ""}`;
    if (PICTURES.includes(event.kind)) return;
    const now = performance.now();
    if (event.kind === "progress") {
      if (event.done < event.total && now - lastMs < 500) return;
      lastMs = now;
    }
    stream.write(stream.isTTY ? terminalLine(event, loss) : `${JSON.stringify(event)}\n`);
  };
}

function terminalLine(event: JobEvent, loss: string): string {
  if (event.kind === "progress") {
    const filled = Math.round((barWidth * event.done) / event.total);
    const bar = "█".repeat(filled) + "·".repeat(barWidth - filled);
    const left = Math.round(event.secondsLeft);
    return `\r${bar} ${event.done}/${event.total} ${event.unit}  ${event.ratePerSec.toFixed(1)}/s  ${left} s left${loss}   `;
  }
  if (event.kind === "stage") return `\n${event.title}\n`;
  if (event.kind === "warning") return `\nwarning: ${event.message}\n`;
  return event.kind === "state" && event.state !== "running" ? "\n" : "";
}
