import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demo } from "../../src/cli/commands/demo.ts";
import { inspect } from "../../src/cli/commands/inspect.ts";
import { score } from "../../src/cli/commands/score.ts";
import { nodeSources } from "../../src/cli/nodeFiles.ts";
import { writeFiles } from "../../src/cli/writeFiles.ts";
import { syntheticRecording } from "../../src/core/syntheticRecording.ts";
import { readSpikeTruth, type SpikeTruth } from "../../src/io/truth.ts";
import { npyFile } from "../../src/io/write/npy.ts";
import { spikeinterfaceMotionFiles } from "../../src/io/write/spikeinterfaceMotion.ts";

const folder = mkdtempSync(join(tmpdir(), "driftscope-score-"));
const simulated = join(folder, "simulated");
const run = join(folder, "run");
const [nChannels, nFalse] = [8, 5];
let truth: SpikeTruth;

/** A run that misses every tenth spike, adds five that are none, and is 3 µm too high. */
async function writeRun(): Promise<void> {
  const { sample, channel, segment, xUm, yUm, zUm } = truth.spikes;
  const rows = Array.from(sample, (s, i) => [s + 2, channel[i], segment[i], xUm[i], yUm[i] + 3, zUm[i], 1]);
  const kept = rows.filter((_, i) => i % 10 !== 9);
  for (let i = 0; i < nFalse; i++) kept.unshift([400000 + i, 0, 0, 0, 0, 0, 1]); // rows need not be in order
  const column = (k: number) => kept.map((row) => row[k]);
  const n = kept.length;
  const { motions } = syntheticRecording(options).truth;
  await writeFiles(run, [
    npyFile("spikes/sample_index.npy", column(0), [n], "<i8"),
    npyFile("spikes/channel.npy", column(1), [n], "<i4"),
    npyFile("spikes/segment.npy", column(2), [n], "<i4"),
    npyFile(
      "locations/monopolar.npy",
      kept.flatMap((row) => row.slice(3)),
      [n, 4],
      "<f4",
    ),
    ...spikeinterfaceMotionFiles("motion/dredge", motions[0]),
  ]);
}

const options = { nChannels, durationSec: 6, nUnits: 4, nSegments: 2, motion: "rigid", seed: 4 } as const;

beforeAll(async () => {
  const args = [
    "--channels",
    "8",
    "--duration",
    "6",
    "--units",
    "4",
    "--segments",
    "2",
    "--motion",
    "rigid",
    "--seed=4",
  ];
  const { output } = await demo([simulated, ...args]);
  expect(output).toMatchObject({ nChannels, nUnits: 4, probe: "np1", segments: [{ startSec: 0 }, { startSec: 8 }] });
  truth = (await readSpikeTruth(await nodeSources([join(simulated, "truth")])))!;
  await writeRun();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a simulated recording on the command line", () => {
  it("is a recording and a motion, read without a warning", async () => {
    const infos = (await inspect([simulated])).output as { kind: string; warnings: string[] }[];
    expect(infos.map(({ kind }) => kind).sort()).toEqual(["motion", "recording"]);
    expect(infos.flatMap(({ warnings }) => warnings)).toEqual([]);
  });

  it("keeps its truth: the spikes of the simulation", () => {
    const { truth: own, recording } = syntheticRecording(options);
    expect(truth.spikes.sample).toHaveLength(own.trains.sample.length);
    expect(Math.abs(truth.spikes.sample[7] - own.trains.sample[7])).toBeLessThanOrEqual(0.5);
    expect(truth.positionsUm).toEqual(recording.probe.positionsUm);
    expect(truth.noiseUv).toBeCloseTo(Math.hypot(6, 5), 12);
  });

  it("scores a run: its spikes, their positions and its motion", async () => {
    const out = join(folder, "scored");
    const { output } = await score([run, "--truth", join(simulated, "truth"), "--out", out]);
    const nTrue = truth.spikes.sample.length;
    const nMissed = Math.floor(nTrue / 10);
    expect(nMissed).toBeGreaterThan(3);
    expect(output).toMatchObject({
      rows: [{ rmseUm: 0, gain: 1 }],
      spikes: [
        {
          dir: run,
          nTrue,
          nDetected: nTrue - nMissed + nFalse,
          nMatched: nTrue - nMissed,
          recall: (nTrue - nMissed) / nTrue,
          locations: [{ localizer: "monopolar", n: nTrue - nMissed, medianAbsUm: [0, expect.closeTo(3, 4), 0] }],
        },
      ],
    });
    const lines = readFileSync(join(out, "scoreboard_spikes.csv"), "utf8").split("\n");
    expect(lines[0]).toMatch(/^dir,nTrue,.*,localizer,nLocated,medianDx/);
    expect(lines[1]).toContain('"monopolar"');
  });

  it("says which file of a run does not fit", async () => {
    await writeFiles(run, [npyFile("locations/com.npy", [1, 2, 3, 4], [1, 4], "<f4")]);
    await expect(score([run, "--truth", join(simulated, "truth")])).rejects.toMatchObject({
      message: expect.stringMatching(/com\.npy: expected one row for each of \d+ spikes, found 1\.$/),
    });
  });
});
