import { beforeEach, describe, expect, it, vi } from "vitest";
import { openSources } from "../../src/io/open.ts";
import type { OpenedDataset } from "../../src/protocol/datasets.ts";
import { recordingFiles } from "../cases/spikeglxFiles.ts";
import { f8, sourcesOf } from "../io/support.ts";

/** Stands for the workers: what the next drop holds, and what was sent on. */
let drop: Record<string, Uint8Array> = {};
const sent: string[] = [];
const io = {
  open: (): Promise<OpenedDataset[]> => openSources(sourcesOf(drop)).then((opened) => structuredClone(opened)),
};
const paint = { setSpikes: async () => void sent.push("paint") };
vi.mock("../../src/app/clients.ts", () => ({
  withIo: (work: (api: typeof io) => unknown) => work(io),
  withPaint: (work: (api: typeof paint) => unknown) => work(paint),
  sendSpikesToCompute: async () => void sent.push("compute"),
}));

const { openFiles } = await import("../../src/app/openFiles.ts");
const { getResults } = await import("../../src/app/results.ts");
const { clearNotices, useSession } = await import("../../src/app/sessionStore.ts");

const peaks = { "peak_times.npy": f8([1, 2]), "peak_depths.npy": f8([3, 9]), "peak_amplitudes.npy": f8([5, 6]) };
const open = async (files: Record<string, Uint8Array>) => {
  drop = files;
  await openFiles(Promise.resolve([]));
  return useSession.getState().notices.map(({ level, text }) => ({ level, text }));
};

beforeEach(() => {
  clearNotices();
  sent.length = 0;
});

describe("a raw recording dropped on the page", () => {
  it("is refused in one sentence, and what was open stays open", async () => {
    expect(await open(peaks)).toEqual([]);
    const { spikes } = getResults();
    const { spikes: info } = useSession.getState();
    expect(sent).toEqual(["paint", "compute"]);
    expect(await open(recordingFiles("rec"))).toEqual([
      {
        level: "error",
        text: "rec.bin is a raw recording (SpikeGLX AP, 4 channels, 0.00033 s): MEDiCINe needs spikes; detect them first, for example with SpikeInterface, and drop the peaks.",
      },
    ]);
    expect(getResults().spikes).toBe(spikes);
    expect(useSession.getState()).toMatchObject({ spikes: info, opening: null });
    expect(sent).toEqual(["paint", "compute"]);
  });

  it("beside spikes leaves them to be opened, and says it is not used", async () => {
    expect(await open({ ...recordingFiles("rec"), ...peaks })).toEqual([
      { level: "info", text: "The raw recording beside the spikes is not used yet." },
    ]);
    expect(getResults().spikes?.nSpikes).toBe(2);
  });
});
