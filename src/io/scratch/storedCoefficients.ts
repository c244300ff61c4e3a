import type { StepResult } from "../../protocol/methods.ts";
import { coefficientsFile } from "../../protocol/scratch.ts";
import { textFile, type WrittenFile } from "../write/file.ts";
import { npyHeader } from "../write/npy.ts";
import { storedFile } from "./opfsScratch.ts";

/** An archive is put together in memory: beyond this the waveforms are better taken from the command line. */
const largestBytes = 512 * 1024 * 1024;

/** The waveforms of a run out of the browser's storage, for its run directory. */
export async function storedCoefficients({ waveforms, spikes }: StepResult): Promise<WrittenFile[]> {
  if (!waveforms || !spikes) return [];
  const stored = await storedFile(waveforms.key, coefficientsFile);
  if (!stored) return [leftOut("The browser no longer keeps the waveforms of this run; run it again to export them.")];
  if (stored.size > largestBytes)
    return [
      leftOut(
        `The waveforms of this run take ${stored.size} bytes, too many for an archive; the command line writes them.`,
      ),
    ];
  const header = npyHeader([spikes.nSpikes, waveforms.nSlots, waveforms.nComponents], "<f2");
  const bytes = new Uint8Array(header.length + stored.size);
  bytes.set(header);
  bytes.set(new Uint8Array(await stored.arrayBuffer()), header.length);
  return [{ path: "waveforms/coefficients.npy", bytes }];
}

function leftOut(sentence: string): WrittenFile {
  return textFile("waveforms/coefficients-left-out.txt", `${sentence}\n`);
}
