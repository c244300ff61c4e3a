import { afterEach, describe, expect, it } from "vitest";
import { methodGrid } from "../../src/app/methodGrid.ts";
import { useMethodScores } from "../../src/app/methodScores.ts";
import { addMotion, clearMotions } from "../../src/app/motions.ts";
import { ownBuffers, pageContents, pageSample } from "../../src/app/pageContents.ts";
import { pageSize } from "../../src/app/pageExport.ts";
import { usePositions } from "../../src/app/positions.ts";
import { setOutcomes, setSpikes } from "../../src/app/results.ts";
import { useView } from "../../src/app/viewStore.ts";
import { Random } from "../../src/core/random.ts";
import type { ScoreGrid } from "../../src/core/scoreboard/grid.ts";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import { pageData } from "../../src/io/write/interactivePage.ts";
import type { StepResult } from "../../src/protocol/methods.ts";
import { readContents } from "../../src/viewer/contents.ts";
import { rhoInWords, shownInWords, spikeFacts } from "../../src/viewer/words.ts";

const nSpikes = 3000;
const random = new Random(1);
const column = (low: number, high: number) =>
  Float64Array.from({ length: nSpikes }, () => low + (high - low) * random.uniform());
const monopolar = Float32Array.from({ length: 4 * nSpikes }, (_, i) => [30, 2000, 40, 3000][i % 4] * random.uniform());
/** of three outputs */
const network = monopolar.map((v, i) => (i % 4 === 3 ? Number.NaN : v + 1));
const spikes: SpikeTable = {
  nSpikes,
  timeSec: column(0, 600).sort(),
  depthUm: Float64Array.from({ length: nSpikes }, (_, i) => monopolar[4 * i + 1]),
  ampUv: Float32Array.from(column(-500, -40)),
  channel: Int32Array.from(column(0, 96)),
};
const motion: Motion = {
  displacementUm: Float64Array.of(1, 2),
  timeBinCentersSec: Float64Array.of(150, 450),
  depthBinCentersUm: Float64Array.of(1000),
};
const grid = { binSec: 1, pitchUm: 4, sigmaUm: 4, xRangeUm: null, yRangeUm: [0, 2000], nx: 1, ny: 500 } as ScoreGrid;
const nothing = { waveforms: null, whyNoWaveforms: "none", anchorsUm: null };

function open(): void {
  setSpikes(spikes, []);
  setOutcomes([{ method: "detect-localize", locations: { "sln-cnn": network, monopolar } } as unknown as StepResult]);
  addMotion({ title: "DREDge", motion, from: { kind: "file", format: "x", title: "x" } });
}

afterEach(() => {
  setSpikes(null, []);
  setOutcomes(null);
  clearMotions();
  usePositions.setState({ chosen: null, live: null });
  useMethodScores.setState({ scores: {}, job: null });
  useView.setState({ projectCorrected: true });
});

describe("what an exported page holds", () => {
  it("is every set of positions of the chosen spikes, what is on screen first, and the α that colours them", async () => {
    open();
    usePositions.setState({ chosen: "sln-cnn" });
    const sample = pageSample(nSpikes, { nChosen: 10, nOthers: 90, seed: 3 });
    const page = await pageContents(spikes, sample, 3, { ...nothing, anchorsUm: new Float32Array(2 * nSpikes) });
    expect([page.spikes.nSpikes, page.chosen.length, page.about.nSpikes]).toEqual([100, 10, nSpikes]);
    expect([...page.spikes.timeSec]).toEqual([...page.rows].map((row) => spikes.timeSec[row]));
    expect([...page.spikes.channel!]).toEqual([...page.rows].map((row) => spikes.channel![row]));
    expect(page.positions.map(({ id, alphaOf }) => [id, alphaOf])).toEqual([
      ["monopolar", "monopolar"], // what the table itself holds
      ["sln-cnn", "monopolar"],
    ]);
    expect([...page.positions[1].depthUm]).toEqual([...page.rows].map((row) => network[4 * row + 1]));
    expect([page.shownPositions, page.motions.find(({ id }) => id === page.shownMotion)?.title]).toEqual([
      "sln-cnn",
      "DREDge",
    ]);
    expect([page.look.rasterColour, page.anchors?.length]).toEqual(["alpha", 200]);
    useView.setState({ projectCorrected: false });
    expect((await pageContents(spikes, sample, 3, nothing)).shownMotion).toBeNull();
    // nothing that the workbench goes on drawing from is handed over
    const own = new Set(ownBuffers(page));
    for (const kept of [spikes.timeSec, spikes.ampUv, spikes.channel!, monopolar, network, motion.displacementUm])
      expect(own.has(kept.buffer as ArrayBuffer)).toBe(false);
  });

  it("has ρ̄ of the pairs that were computed, and says of the others that nobody did", async () => {
    open();
    const { cells } = methodGrid();
    const corrected = cells.find(({ row, column }) => row.positions === "sln-cnn" && column.title === "DREDge")!;
    useMethodScores.setState({ scores: { [corrected.key]: { rho: 0.456, grid, matrix: null, problem: null } } });
    const sample = pageSample(nSpikes, { nChosen: 10, nOthers: 0, seed: 0 });
    const page = readContents(pageData(await pageContents(spikes, sample, 0, nothing)).join(""));
    const dredge = page.motions[0].id;
    expect(rhoInWords(page, "sln-cnn", dredge)).toBe("ρ̄ 0.456");
    expect(rhoInWords(page, "sln-cnn", null)).toBe("ρ̄ n/a");
    expect(rhoInWords(page, "monopolar", dredge)).toBe("ρ̄ n/a");
    const state = { selected: 4, positions: "sln-cnn", motion: dredge } as Parameters<typeof shownInWords>[1];
    expect(shownInWords(page, state)).toContain(
      "CNN, fine-tuned, corrected by DREDge: ρ̄ 0.456 (whole data set; grid: 500 voxels of 4 µm",
    );
    const facts = Object.fromEntries(spikeFacts(page, state));
    expect(facts.spike).toBe(page.rows[4].toLocaleString("en-US"));
    expect(facts["log₁₀ α of monopolar"]).toMatch(/^\d\.\d+$/);
    expect("anchor x, depth" in facts).toBe(false);
  });

  it("is about as large as is said before, and refused where no browser would open it", async () => {
    open();
    const wanted = { nChosen: 500, nOthers: 2000 };
    const { bytes, ...counts } = pageSize(wanted)!;
    const sample = pageSample(nSpikes, { ...counts, seed: 0 });
    const { length } = pageData(await pageContents(spikes, sample, 0, nothing)).join("");
    expect((bytes - 220_000) / length).toBeGreaterThan(0.7);
    expect((bytes - 220_000) / length).toBeLessThan(1.4);
    setSpikes({ ...spikes, nSpikes: 100_000_000 }, []);
    expect(pageSize({ nChosen: 0, nOthers: 100_000_000 })).toMatchObject({ nOthers: 100_000_000, isTooLarge: true });
    setSpikes(null, []);
    expect(pageSize(wanted)).toBeNull();
  });
});
