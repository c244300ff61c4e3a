import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { npyHeader } from "../io/write/npy.ts";
import { coefficientBytes, readStoredCoefficients } from "../methods/detectLocalize/spikeColumns.ts";
import type { StoredWaveforms } from "../protocol/methods.ts";
import type { Scratch } from "../protocol/scratch.ts";

const bytesAtOnce = 1 << 24;

/** Principal components of all waveforms from the scratch into a .npy file of float16, (N, slots, components). */
export async function writeCoefficients(
  path: string,
  { key, nSlots, nComponents }: StoredWaveforms,
  nSpikes: number,
  scratch: Scratch,
): Promise<void> {
  const run = await scratch.open(key);
  const perSpike = coefficientBytes(nSlots * nComponents);
  const step = Math.max(1, Math.floor(bytesAtOnce / perSpike));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, npyHeader([nSpikes, nSlots, nComponents], "<f2"));
  for (let from = 0; from < nSpikes; from += step) {
    const to = Math.min(nSpikes, from + step);
    await appendFile(path, new Uint8Array((await readStoredCoefficients(run, nSlots * nComponents, from, to)).buffer));
  }
  await run.close();
}
