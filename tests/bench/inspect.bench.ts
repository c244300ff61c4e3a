import { inspect } from "../../src/cli/commands/inspect.ts";

/** Times `inspect` of one folder, from naming it to its description, ms: the median of 5 after one that compiles. */
export async function inspectMs(path: string): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 6; i++) {
    const startMs = performance.now();
    await inspect([path]);
    times.push(performance.now() - startMs);
  }
  return times.slice(1).sort((a, b) => a - b)[2];
}
