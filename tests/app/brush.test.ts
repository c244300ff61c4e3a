import { beforeEach, describe, expect, it, vi } from "vitest";
import type { BrushedSpikes } from "../../src/protocol/brush.ts";

/** Stands for the paint worker: answers when the test says so, in any order. */
const questions: { what: string; answer: (brushed: BrushedSpikes | null) => void; fail: (error: Error) => void }[] = [];
const asked = (what: string) =>
  new Promise<BrushedSpikes | null>((answer, fail) => {
    questions.push({ what, answer, fail });
  });
const paint = {
  brush: (id: string, outline: readonly number[], how: string) => asked(`${how} ${outline.length / 2} on ${id}`),
  setBrush: (rows: Int32Array | null) => asked(rows ? `rows ${[...rows].join(" ")}` : "none"),
  brushed: () => asked("again"),
  setParts: async (parts: object) => {
    sent.push(parts);
  },
};
const sent: object[] = [];
vi.mock("../../src/app/clients.ts", () => ({
  withPaint: (work: (api: typeof paint) => Promise<BrushedSpikes | null>) => work(paint),
  withIo: () => Promise.reject(new Error("no files here")),
}));

const { brushAt, brushedRows, chooseBrush, readBrush, setBrush, startBrushSync, toggleBrush, useBrush } = await import(
  "../../src/app/brush.ts"
);
const { alphaSource, startColourSync } = await import("../../src/app/colourData.ts");
const { setOutcomes, setSpikes } = await import("../../src/app/results.ts");
const { usePositions } = await import("../../src/app/positions.ts");
const { useSession } = await import("../../src/app/sessionStore.ts");
const { chooseSpikeColour } = await import("../../src/app/spikeColour.ts");
const { useView } = await import("../../src/app/viewStore.ts");

const summary = (nBrushed: number): BrushedSpikes => ({
  rows: new Int32Array(nBrushed),
  nSpikes: 10,
  medians: { xUm: 1, depthUm: 2, zUm: 3, alpha: 4, ampUv: 5 },
  timeRangeSec: [0, 1],
  rateHz: 2,
});
const table = (nSpikes: number) => ({
  nSpikes,
  timeSec: Float64Array.from({ length: nSpikes }, (_, i) => i),
  depthUm: new Float64Array(nSpikes),
  ampUv: new Float32Array(nSpikes),
});
const brushed = () => useBrush.getState().brushed?.rows.length ?? null;

beforeEach(() => {
  questions.length = 0;
  sent.length = 0;
  setOutcomes(null);
  usePositions.setState({ chosen: null, live: null });
  setSpikes(table(3), []);
  useBrush.setState({ shape: null, brushed: null });
});

describe("a brush", () => {
  it("says what the newest line has marked, whatever is answered first", async () => {
    const lines = [brushAt("a-1", [0, 0, 1, 0, 1, 1], "replace"), brushAt("a-1", [0, 0, 2, 0, 2, 2], "add")];
    expect(questions.map(({ what }) => what)).toEqual(["replace 3 on a-1", "add 3 on a-1"]);
    questions[1].answer(summary(7));
    questions[0].answer(summary(3));
    await Promise.all(lines);
    expect(brushed()).toBe(7);
    const failing = setBrush(Int32Array.of(1, 2));
    questions[2].fail(new Error("gone"));
    vi.spyOn(console, "error").mockReturnValueOnce(undefined);
    await failing;
    expect(brushed()).toBe(7);
    expect(useSession.getState().notices.at(-1)?.text).toContain("gone");
  });

  it("is chosen, and put away by the same key", () => {
    toggleBrush("lasso");
    expect(useBrush.getState().shape).toBe("lasso");
    toggleBrush("box");
    expect(useBrush.getState().shape).toBe("box");
    toggleBrush("box");
    expect(useBrush.getState().shape).toBeNull();
    chooseBrush("box");
  });

  it("is read again over other positions, forgotten over other spikes and made again by a new paint worker", async () => {
    const stop = startBrushSync();
    await readBrush();
    expect(questions).toEqual([]); // nothing is brushed
    const before = summary(4);
    useBrush.setState({ brushed: before });
    const again = readBrush();
    questions[0].answer({ ...summary(4), rateHz: 9 });
    await again;
    expect(useBrush.getState().brushed?.rateHz).toBe(9);
    expect(await brushedRows()).toBe(before.rows);
    setSpikes(table(8), []);
    expect(questions[1].what).toBe("none");
    questions[1].answer(null);
    await vi.waitFor(() => expect(brushed()).toBeNull(), { timeout: 10_000 });
    useBrush.setState({ brushed: summary(4) });
    useSession.setState((state) => ({ paintGeneration: state.paintGeneration + 1 }));
    expect(questions.at(-1)?.what).toBe("rows 0 0 0 0");
    stop();
  });
});

describe("colours of spikes", () => {
  it("take the map that is usual for them, unless a person has chosen another", () => {
    useView.setState({ rasterColour: "amplitude", colourMap: "inferno" });
    chooseSpikeColour("z");
    expect(useView.getState()).toMatchObject({ rasterColour: "z", colourMap: "viridis" });
    chooseSpikeColour("alpha");
    expect(useView.getState().colourMap).toBe("inferno");
    useView.setState({ colourMap: "greys" });
    chooseSpikeColour("z");
    expect(useView.getState().colourMap).toBe("greys");
  });

  it("say whose α the positions on screen have", () => {
    const xyza = (alpha: number) => Float32Array.of(0, 5, 0, alpha, 0, 6, 0, alpha, 0, 7, 0, alpha);
    const step = (locations: Record<string, Float32Array>) =>
      setOutcomes([{ method: "m", params: {}, stageSeconds: {}, metrics: {}, summary: {}, complete: true, locations }]);
    expect(alphaSource()).toBeNull();
    setSpikes({ ...table(3), alpha: Float64Array.of(1, 2, 3) }, []);
    expect(alphaSource()).toBe("as opened");
    step({ monopolar: xyza(9), "sln-cnn": xyza(Number.NaN), com: xyza(8) });
    expect(alphaSource()).toBe("monopolar");
    usePositions.setState({ chosen: "sln-cnn" });
    expect(alphaSource()).toBe("monopolar"); // a network of three outputs says none
    usePositions.setState({ chosen: "com" });
    expect(alphaSource()).not.toBe("monopolar");
    usePositions.setState({ chosen: null, live: { localizer: "sln-cnn", rows: Int32Array.of(1), xyza: xyza(3) } });
    expect(alphaSource()).toMatch(/CNN/);
  });

  it("get the monopolar places while somebody looks at distances from them", () => {
    const stop = startColourSync();
    const monopolar = new Float32Array(12);
    useView.setState({ rasterColour: "amplitude" });
    setOutcomes([
      { method: "m", params: {}, stageSeconds: {}, metrics: {}, summary: {}, complete: true, locations: { monopolar } },
    ]);
    expect(sent.some((parts) => "monopolar" in parts && parts.monopolar)).toBe(false);
    useView.setState({ rasterColour: "displacement" });
    expect(sent.at(-1)).toMatchObject({ monopolar });
    useView.setState({ rasterColour: "alpha" });
    expect(sent.at(-1)).toMatchObject({ monopolar: null });
    stop();
  });
});
