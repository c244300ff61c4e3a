import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeSources } from "../../src/cli/nodeFiles.ts";
import { peekPlain } from "../../src/io/plain/peek.ts";

/** Real binaries beside the checkout, each looked at without its description. */
const samples = "../shared/samples";

function binariesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(bin|dat)$/.test(path))
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile());
}

const int16 = [...binariesBelow(`${samples}/spikeglx`), ...binariesBelow(`${samples}/openephys`)];

describe("real headerless binaries without their descriptions", () => {
  it.each(int16)("%s: 384 channels and a sync word come first", async (path) => {
    const [source] = await nodeSources([path]);
    const { guess, candidates } = await peekPlain(source);
    console.info(`${path.split("/").at(-1)}: ${candidates.map((c) => `${c.nSaved} ${c.score.toFixed(3)}`).join(", ")}`);
    expect(candidates[0]).toMatchObject({ nSaved: 385, divides: true });
    expect(guess).toMatchObject({ dtype: "int16", offsetBytes: 0, sync: 1 });
    expect(candidates[0].score).toBeGreaterThan((candidates[1]?.score ?? 0) + 0.05);
  });

  it("white noise of SpikeInterface tells its type, and no number of channels", async () => {
    const [source] = await nodeSources([`${samples}/spikeinterface_binary_folder/traces_cached_seg0.raw`]);
    const { guess, candidates } = await peekPlain(source);
    expect(guess).toMatchObject({ dtype: "float32", offsetBytes: 0, sync: 0 });
    expect(candidates).toEqual([]);
  });
});
