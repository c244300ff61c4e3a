import { expect, it } from "vitest";
import { metaBytes } from "../cases/spikeglxFiles.ts";
import { fuzzReader } from "./fuzzReader.ts";
import { f8 } from "./support.ts";

/** Sound folders of each format, and how many of the damaged ones still open: not all may be refused at the door. */
const formats: Record<string, Record<string, Uint8Array>[]> = {
  "medicine-peaks": [
    { "peak_times.npy": f8([1, 2, 3]), "peak_depths.npy": f8([4, 5, 6]), "peak_amplitudes.npy": f8([-7, -8, -9]) },
  ],
  spikeglx: [{ "a.ap.meta": metaBytes({}, 24), "a.ap.bin": new Uint8Array(2 * 25 * 100) }],
};

it.each(Object.entries(formats))(
  "ten thousand damaged folders of %s open or explain themselves",
  async (format, seeds) => {
    const { nOpened } = await fuzzReader(format, seeds, 10_000);
    expect(nOpened).toBeGreaterThan(500);
  },
  180_000,
);
