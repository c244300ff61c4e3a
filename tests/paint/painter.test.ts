import { describe, expect, it } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { themeOf } from "../../src/paint/theme.ts";
import type { PictureKind } from "../../src/protocol/pictures.ts";
import type { LoanMessage } from "../../src/protocol/workers.ts";
import { fakeCanvas, setUp } from "./fakeCanvas.ts";
import { medicineStep, motionOf, scatteredSpikes, unitSpikes, view } from "./synthetic.ts";

describe("painter", () => {
  it("draws once per frame, however often things change", async () => {
    const { painter, frame, frames } = setUp();
    const picture = fakeCanvas();
    await painter.attach("a", "raster-raw", picture.canvas, 300, 200, 2);
    await painter.setSpikes(scatteredSpikes(500));
    await painter.setView(view);
    await painter.setView({ ...view, timeRangeSec: [0, 50] });
    expect(frames).toHaveLength(1);
    expect(await painter.lastRedrawMs("a")).toBeNaN();
    frame();
    expect(picture.nDrawings()).toBe(1);
    expect(picture.nImages()).toBe(2);
    expect([picture.canvas.width, picture.canvas.height]).toEqual([600, 400]);
    expect(await painter.lastRedrawMs("a")).toBe(1);
  });

  it("leaves what does not fit into one frame to the next, so that messages are heard in between", async () => {
    const { painter, frame } = setUp(15);
    const pictures = ["waveform", "raster-raw", "motion", "amplitudes"].map((kind) => ({ kind, ...fakeCanvas() }));
    for (const { kind, canvas } of pictures) await painter.attach(kind, kind as PictureKind, canvas, 300, 200, 1);
    const drawn = () => pictures.map(({ nDrawings }) => nDrawings());
    frame();
    expect(drawn()).toEqual([1, 1, 0, 0]);
    await painter.setView({ ...view, theme: "light" }); // what was never drawn goes before what is drawn again
    frame();
    expect(drawn()).toEqual([1, 1, 1, 1]);
    frame();
    expect(drawn()).toEqual([2, 2, 1, 1]);
    frame();
    expect(drawn()).toEqual([2, 2, 1, 1]);
  });

  it("draws only the pictures that a change concerns", async () => {
    const { painter, frame } = setUp();
    const [raster, motion, histogram] = [fakeCanvas(), fakeCanvas(), fakeCanvas()];
    await painter.setSpikes(scatteredSpikes(500));
    await painter.setView({ ...view, showMotion: true });
    await painter.attach("r", "raster-raw", raster.canvas, 300, 200, 1);
    await painter.attach("m", "motion", motion.canvas, 300, 200, 1);
    await painter.attach("h", "amplitudes", histogram.canvas, 300, 200, 1);
    frame();
    await painter.setMotion(motionOf((t) => t, [0, 1000]));
    frame();
    await painter.setView({ ...view, showMotion: true, cursorTimeSec: 4 });
    frame();
    await painter.setView({ ...view, showMotion: true, cursorTimeSec: 4, ampRangeUv: [-150, 0] });
    frame();
    expect([raster, motion, histogram].map((p) => p.nDrawings())).toEqual([3, 3, 2]);
  });

  it("tells when a picture is up to date and where its data lie", async () => {
    const { painter, frame } = setUp();
    await painter.setView(view);
    await painter.setSpikes(scatteredSpikes(100));
    await painter.attach("a", "raster-raw", fakeCanvas().canvas, 300, 200, 1);
    const areas = painter.plotAreas("a");
    frame();
    expect((await areas)[0]).toMatchObject({ xRange: [0, 100], yRange: [0, 1000], xUnit: "s", yUnit: "µm" });
    await painter.whenPainted("a");
    const pending = painter.resize("a", 50, 50, 1).then(() => painter.whenPainted("a"));
    const closed = expect(pending).rejects.toThrow("closed before it was drawn");
    await new Promise((resolve) => setTimeout(resolve));
    await painter.detach("a");
    await closed;
  });

  it("shows a failure on the canvas and gives its reason to whoever waits", async () => {
    const { painter, frame } = setUp();
    const picture = fakeCanvas();
    await painter.setSpikes(scatteredSpikes(100));
    await painter.setView({ ...view, colourMap: "jet" });
    await painter.attach("a", "raster-raw", picture.canvas, 300, 200, 1);
    frame();
    expect(picture.texts.join()).toContain('could not be drawn: There is no colour map "jet"');
    await expect(painter.whenPainted("a")).rejects.toThrow(AppError);
  });

  it("picks the spike that a raster shows at a place, and none on other pictures", async () => {
    const { painter, frame } = setUp();
    await painter.setSpikes(unitSpikes(() => 0, 500, 100, 50)); // at 25 and 75 s
    await painter.setView(view);
    for (const kind of ["raster-raw", "raster-corrected", "motion"] as const) {
      await painter.attach(kind, kind, fakeCanvas().canvas, 600, 400, 1);
    }
    frame();
    const { left, top, width, height } = (await painter.plotAreas("raster-raw"))[0];
    const click = (id: string, timeSec: number, depthUm: number) =>
      painter.pick(id, left + (timeSec / 100) * width, top + (1 - depthUm / 1000) * height);
    const second = { index: 1, timeSec: 75, depthUm: 500, correctedDepthUm: null, ampUv: -100 };
    expect(await click("raster-raw", 75.5, 505)).toEqual(second);
    expect(await click("raster-raw", 50, 500)).toBeNull();
    expect(await click("raster-corrected", 75, 500)).toBeNull(); // no motion, no spikes on it
    await painter.setMotion(motionOf(() => 200, [0]));
    frame();
    expect(await click("raster-corrected", 75, 500)).toBeNull();
    expect(await click("raster-corrected", 75, 300)).toEqual({ ...second, correctedDepthUm: 300 });
    expect(await click("motion", 75, 500)).toBeNull();
    expect(await painter.spikeAt(1)).toEqual({ ...second, correctedDepthUm: 300 });
    expect(await painter.spikeAt(2)).toBeNull();
    await painter.setSpikes(null);
    expect(await painter.spikeAt(0)).toBeNull();
  });

  it("redraws for another selection what shows it, and forgets it with the spikes", async () => {
    const { painter, frame } = setUp();
    const kinds = ["raster-raw", "raster-corrected", "motion", "amplitudes", "activity"] as const;
    const pictures = kinds.map((kind) => ({ kind, ...fakeCanvas() }));
    await painter.setSpikes(scatteredSpikes(100));
    await painter.setMotion(motionOf(() => 5, [0]));
    await painter.setView(view);
    for (const { kind, canvas } of pictures) await painter.attach(kind, kind, canvas, 300, 200, 1);
    frame();
    await painter.setView({ ...view, selectedSpike: 40 });
    frame();
    expect(pictures.map((p) => p.nDrawings())).toEqual([2, 2, 2, 2, 1]);
    const ring = `stroke="${themeOf("light").selected}"`;
    expect(await painter.exportFigure("raster-raw", "svg", "light")).toContain(ring);
    await painter.setSpikes(scatteredSpikes(200));
    expect(await painter.exportFigure("raster-raw", "svg", "light")).not.toContain(ring);
  });

  it("refuses a view that is not two numbers, low first", async () => {
    const { painter } = setUp();
    await expect(painter.setView({ ...view, depthRangeUm: [5, Number.NaN] })).rejects.toThrow(
      "depthRangeUm must be two numbers",
    );
    await expect(painter.setView({ ...view, timeRangeSec: [5, 1] })).rejects.toThrow("found 5 to 1");
  });

  it("exports what is seen, in the theme asked for", async () => {
    const { painter } = setUp();
    await painter.setSpikes(scatteredSpikes(100));
    await painter.setView(view);
    await painter.attach("a", "raster-raw", fakeCanvas().canvas, 300, 200, 1);
    expect(await painter.exportFigure("a", "svg", "light")).toContain('fill="#ffffff"');
    expect(await painter.exportFigure("a", "svg", "dark")).not.toContain('fill="#ffffff"');
    expect(await painter.figures(medicineStep())).toHaveLength(5);
  });

  it("says that figures need spikes", async () => {
    await expect(setUp().painter.figures(medicineStep())).rejects.toThrow("no spikes are open");
  });

  it("corrects by the newest motion, and by none once it is gone", async () => {
    const { painter, frame } = setUp();
    const picture = fakeCanvas();
    await painter.setSpikes(scatteredSpikes(100));
    await painter.setView(view);
    await painter.attach("a", "raster-corrected", picture.canvas, 600, 200, 1);
    frame();
    expect(picture.texts.join(" ")).toContain("Run a method that estimates motion");
    await painter.setMotion(motionOf(() => 2000, [0])); // everything leaves the view
    frame();
    expect(picture.texts).toContain("0 spikes");
    await painter.setMotion(motionOf(() => 0, [0]));
    frame();
    expect(picture.texts).toContain("100 spikes");
  });
});

describe("image loans", () => {
  it("lend one buffer while an activity picture is attached, draw it, and lend again", async () => {
    const { painter, frame } = setUp();
    const { port1, port2 } = new MessageChannel();
    const lent: Extract<LoanMessage, { kind: "lend" }>[] = [];
    // messages of ports are given out between two turns of the event loop; an answer may cost a few
    const arrived = async () => {
      for (let turn = 0; turn < 10; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    };
    port2.onmessage = ({ data }: MessageEvent<LoanMessage>) => {
      if (data.kind === "lend") lent.push(data);
    };
    const picture = fakeCanvas();
    try {
      await painter.setView(view);
      await painter.connectCompute(port1);
      await arrived();
      expect(lent).toHaveLength(0); // nobody looks
      await painter.attach("a", "activity", picture.canvas, 600, 200, 1);
      frame();
      await painter.setView({ ...view, theme: "light" });
      frame();
      await arrived();
      expect(lent).toHaveLength(1); // one is out: no second one
      expect(lent[0].buffer.byteLength).toBe(lent[0].nDepth * lent[0].nAmp * 4);
      const content = {
        probability: new Float32Array(lent[0].buffer).fill(0.5),
        nDepth: lent[0].nDepth,
        nAmp: lent[0].nAmp,
        depthRangeUm: [0, 1000] as const,
        ampRangeUv: [-200, 0] as const,
        timeSec: 12,
      };
      port2.postMessage({ kind: "filled", image: "activity", content } satisfies LoanMessage, [lent[0].buffer]);
      await arrived();
      frame();
      await arrived();
      expect(picture.texts).toContain("at 12 s");
      expect(lent).toHaveLength(2);
      await painter.setView(view); // the picture still has its own copy
      frame();
      expect(picture.nImages()).toBeGreaterThanOrEqual(4);
    } finally {
      port1.close();
      port2.close();
    }
  });
});
