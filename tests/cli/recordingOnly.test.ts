import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inspect } from "../../src/cli/commands/inspect.ts";
import { run } from "../../src/cli/commands/run.ts";
import { score } from "../../src/cli/commands/score.ts";
import { recordingFiles } from "../cases/spikeglxFiles.ts";

const folder = mkdtempSync(join(tmpdir(), "driftscope-recording-"));
beforeAll(() => {
  for (const [name, bytes] of Object.entries(recordingFiles("rec"))) writeFileSync(join(folder, name), bytes);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a raw recording on the command line", () => {
  it("is described by inspect", async () => {
    expect((await inspect([folder])).output).toMatchObject({ format: "spikeglx", kind: "recording", nSamples: 10 });
  });

  it("is refused by run, which needs spikes, and by score, which needs motions", async () => {
    await expect(run(["medicine", "--input", folder, "--out", join(folder, "out")])).rejects.toMatchObject({
      code: "bad-data",
      message: expect.stringMatching(
        /\/rec\.bin is a raw recording \(SpikeGLX AP, 4 channels, 0\.00033 s\): motion comes from spikes; run "detect-localize" on it first, alone or as the step before\.$/,
      ),
    });
    await expect(score([folder])).rejects.toMatchObject({ code: "nothing-found" });
  });
});
