import fc from "fast-check";
import { expect } from "vitest";
import { readNpyHeader } from "../../src/io/npy/header.ts";
import { readNpyRows } from "../../src/io/npy/rows.ts";
import { openSources, openWaveforms } from "../../src/io/open.ts";
import { waveformFile } from "../../src/io/waveforms.ts";
import { budgeted, bytesOf, damaged, damages, lettersOf, opensOrExplains } from "./mutations.ts";

/** Read damaged .npy files as arrays, as waveforms and as a data set. Only the headers of the seeds are damaged. */
export async function fuzzHeaders(
  seeds: readonly Uint8Array[],
  others: Record<string, Uint8Array>,
  numRuns: number,
): Promise<{ nOpened: number }> {
  const split = seeds.map((bytes) => {
    const [textStart, dataStart] = [bytes[6] === 1 ? 10 : 12, bytes.indexOf(0x0a) + 1];
    const [prefix, text] = [bytes.subarray(0, textStart), bytes.subarray(textStart, dataStart)];
    return { prefix: lettersOf(prefix), text: lettersOf(text), data: bytes.subarray(dataStart) };
  });
  let nOpened = 0;
  const names = fc.constantFrom(...Object.keys(others));
  const property = fc.asyncProperty(
    fc.nat(seeds.length - 1),
    damages,
    names,
    fc.nat(3),
    async (which, list, name, how) => {
      const { prefix, text, data } = split[which];
      // mostly the text is damaged and its length told right, so that the damage reaches what parses it
      const header =
        how === 0 ? bytesOf(damaged(prefix + text, list)) : withLength(prefix, bytesOf(damaged(text, list)));
      const bytes = new Uint8Array([...header, ...data]);
      const [source] = budgeted({ "x.npy": bytes });
      const values = await opensOrExplains(async () => {
        const found = await readNpyHeader(source);
        const nRows = found.shape[0] ?? 1;
        await opensOrExplains(() => waveformFile(source, nRows).then((w) => w.readRange(0, Math.min(nRows, 4))));
        return readNpyRows(source, found, 0, nRows, found.fields[0]?.name);
      });
      if (values) nOpened++;
      expect(values?.length ?? 0).toBeLessThanOrEqual(bytes.length);
      await opensOrExplains(() => openSources(budgeted({ ...others, [name]: bytes })));
      await opensOrExplains(() => openWaveforms(budgeted({ ...others, [name]: bytes })));
    },
  );
  await fc.assert(property, { numRuns });
  return { nOpened };
}

/** A header whose prefix says how long its text is. */
function withLength(prefix: string, text: Uint8Array): Uint8Array {
  const out = new Uint8Array([...bytesOf(prefix), ...text]);
  const view = new DataView(out.buffer);
  if (prefix.length === 10) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  return out;
}
