import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nodeSources } from "../../src/cli/nodeFiles.ts";
import { openRecordings } from "../../src/io/open.ts";
import { checkRandomRanges, checkRecordingContract, firstDifference, samplesOf } from "../io/rangeContract.ts";

/** Every real binary beside the checkout, with its description. */
const samples = "../shared/samples/spikeglx";
const stems = readdirSync(samples, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".bin") && existsSync(`${samples}/${name.replace(/bin$/, "meta")}`))
  .map((name) => name.slice(0, -".bin".length));

describe("real recordings keep the contract of readers", () => {
  it("are all there", () => expect(stems).toHaveLength(8));

  it.each(stems)("%s", async (stem) => {
    const [meta, binary] = ["meta", "bin"].map((end) => new Uint8Array(readFileSync(`${samples}/${stem}.${end}`)));
    await checkRecordingContract({ meta, binary });
    const [source] = await openRecordings(await nodeSources([`${samples}/${stem}.meta`, `${samples}/${stem}.bin`]));
    const { segments, nSavedChannels } = source.recording;
    const read = (from: number, to: number) => source.readSamples(0, from, to);
    await checkRandomRanges({ nRows: segments[0].nSamples, rowBytes: 2 * nSavedChannels, startByte: 0, read }, 12);
    const all = await samplesOf(source);
    const bytes = new Uint8Array(all.buffer, all.byteOffset, all.byteLength);
    expect(firstDifference(bytes, binary.subarray(0, bytes.length))).toBe(-1);
  });
});
