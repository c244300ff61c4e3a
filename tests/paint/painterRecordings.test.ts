import { describe, expect, it } from "vitest";
import { fakeCanvas, setUp } from "./fakeCanvas.ts";
import { np1, spikesOn, traceWindow, waveformOn } from "./recordings.ts";
import { motionOf, view } from "./synthetic.ts";

const probe = np1();
const deep = { ...view, depthRangeUm: [0, 3840] as const };
const kinds = ["raster-raw", "amplitudes", "motion", "activity", "probe", "traces", "waveform"] as const;

async function withPictures() {
  const { painter, frame } = setUp();
  const pictures = Object.fromEntries(kinds.map((kind) => [kind, fakeCanvas()]));
  await painter.setView(deep);
  for (const kind of kinds) await painter.attach(kind, kind, pictures[kind].canvas, 400, 300, 1);
  frame();
  /** Which pictures a change has drawn again. */
  const drawnBy = async (change: () => Promise<void>) => {
    const before = kinds.map((kind) => pictures[kind].nDrawings());
    await change();
    frame();
    return kinds.filter((kind, i) => pictures[kind].nDrawings() > before[i]);
  };
  return { painter, frame, pictures, drawnBy };
}

describe("painter over a recording", () => {
  it("draws again what shows the probe, the traces, the waveform", async () => {
    const { painter, pictures, drawnBy } = await withPictures();
    expect(pictures.probe.texts.join(" ")).toContain("Open a recording to see its probe");
    expect(await drawnBy(() => painter.setParts({ probe }))).toEqual(["probe", "traces"]);
    expect(await drawnBy(() => painter.setParts({ traces: traceWindow(384, 300) }))).toEqual(["traces"]);
    expect(await drawnBy(() => painter.setParts({ waveform: waveformOn(probe) }))).toEqual(["waveform"]);
    expect(await drawnBy(() => painter.setView({ ...deep, selectedChannel: 8 }))).toEqual(["probe", "traces"]);
    expect(await drawnBy(() => painter.setView({ ...deep, traceStyle: "heat" }))).toEqual(["probe", "traces"]);
    expect(await drawnBy(() => painter.setView({ ...deep, traceStyle: "heat", cursorTimeSec: 10 }))).toEqual([
      "raster-raw",
      "motion",
      "traces",
    ]);
    const texts = kinds.flatMap((kind) => pictures[kind].texts);
    for (const word of ["Neuropixels 1.0", "Raw", "Processed", "centre of mass"]) expect(texts).toContain(word);
    expect(texts.join(" ")).not.toContain("could not be drawn");
  });

  it("takes spikes while a run goes on: pictures, picking and rows follow", async () => {
    const { painter, frame, pictures, drawnBy } = await withPictures();
    await painter.setMotion(motionOf(() => 20, [0]));
    const first = spikesOn(probe, [[10, 100]]);
    const second = spikesOn(probe, [
      [50, 200],
      [60, 300],
    ]);
    await painter.setSpikes(null);
    frame();
    const concerned = ["raster-raw", "amplitudes", "probe", "traces", "waveform"];
    expect(await drawnBy(() => painter.appendSpikes(first))).toEqual(concerned);
    expect(pictures["raster-raw"].texts).toContain("1 spikes");
    expect(await drawnBy(() => painter.appendSpikes(second))).toEqual(concerned);
    expect(pictures["raster-raw"].texts).toContain("3 spikes");
    const last = { index: 2, timeSec: 60, depthUm: 3000, correctedDepthUm: 2980, ampUv: -80 };
    expect(await painter.spikeAt(2)).toEqual(last);
    const { left, top, width, height } = (await painter.plotAreas("raster-raw"))[0];
    expect(await painter.pick("raster-raw", left + 0.6 * width, top + (1 - 3000 / 3840) * height)).toEqual(last);
  });

  it("picks the channel of a contact on the probe, and none on other pictures", async () => {
    const { painter, frame } = await withPictures();
    expect(await painter.pickChannel("probe", 200, 100)).toBeNull();
    await painter.setParts({ probe });
    frame();
    const { left, top, width, height, xRange, yRange } = (await painter.plotAreas("probe"))[0];
    const place = (channel: number) => {
      const [xUm, yUm] = probe.positionsUm[channel];
      const x = left + ((xUm - xRange[0]) / (xRange[1] - xRange[0])) * width;
      return [x, top + (1 - (yUm - yRange[0]) / (yRange[1] - yRange[0])) * height] as const;
    };
    expect(await painter.pickChannel("probe", ...place(123))).toBe(123);
    expect(await painter.pickChannel("traces", ...place(123))).toBeNull();
  });

  it("forgets the waveform with the spikes it is one of", async () => {
    const { painter } = await withPictures();
    await painter.setParts({ waveform: waveformOn(probe) });
    expect(await painter.exportFigure("waveform", "svg", "light")).toContain(">monopolar<");
    await painter.setSpikes(null);
    expect(await painter.exportFigure("waveform", "svg", "light")).toContain("Click a spike");
  });
});
