import { describe, expect, it } from "vitest";
import type { SpikeTable } from "../../src/core/types.ts";
import { memorySource } from "../../src/io/byteSource.ts";
import { openSources } from "../../src/io/open.ts";
import { runDirectoryFiles } from "../../src/io/write/runDirectory.ts";
import type { RunResult } from "../../src/protocol/methods.ts";
import { utf8 } from "./support.ts";

const spikes: SpikeTable = {
  nSpikes: 2,
  timeSec: Float64Array.of(0.5, 1.5),
  depthUm: Float64Array.of(10.5, 20.5),
  ampUv: Float32Array.of(-80, -60),
  xUm: Float64Array.of(1, 2),
  zUm: Float64Array.of(3, 4),
  alpha: Float64Array.of(5, 6),
};
const monopolar = Float32Array.of(1, 10.5, 3, 5, 2, 20.5, 4, 6);
const com = Float32Array.of(1, 11, Number.NaN, Number.NaN, 2, 21, Number.NaN, Number.NaN);

const result: RunResult = {
  recipe: {
    driftscope: 1,
    title: "two steps",
    seed: 3,
    steps: [step("detect-localize"), { ...step("sln-joint"), seed: 9 }],
  },
  steps: [
    { ...step("detect-localize"), ...left(), spikes, locations: { com, monopolar }, summary: { n_spikes: 2 } },
    {
      ...step("sln-joint"),
      ...left(),
      metrics: { rho: { step: Float64Array.of(0, 10), value: Float32Array.of(0.4, Number.NaN) } },
      summary: { rho: 0.4 },
      gate: { passed: false, checks: [{ name: "sd of x", passed: false, sentence: "s" }] },
      complete: false,
    },
  ],
  provenance: {
    driftscope: "0.1.0",
    commit: "abc",
    startedAt: "2026-01-01T00:00:00Z",
    seed: 3,
    compute: { mode: "webgpu", adapter: "a GPU", threads: 1 },
    runtime: "node",
    inputs: [{ path: "a.bin", bytes: 5, sha1OfFirstMb: "ff" }],
    stageSeconds: { train: 1.5 },
    peakMemoryBytes: null,
    complete: false,
  },
  log: [],
};

function step(method: string) {
  return { method, params: { bins: [1, 2], on: true } };
}

function left() {
  return { stageSeconds: { train: 1.5 }, metrics: {}, complete: true };
}

const written = () => [...runDirectoryFiles({ result, spikes, format: "spikeglx" }, [])];

async function openWith(changed: Record<string, Uint8Array> = {}) {
  const opened = await openSources(
    written().map(({ path, bytes }) => memorySource(`run/${path}`, changed[path] ?? bytes)),
  );
  const [found] = opened.filter((one) => one.kind === "spikes");
  return found;
}

describe("a run directory", () => {
  it("brings its steps with curves, numbers and gate, every position, and how it came to be", async () => {
    const { run, spikes: table } = await openWith();
    expect(run?.recipe).toEqual(result.recipe);
    expect(run?.provenance).toEqual(result.provenance);
    const [first, second] = run?.steps ?? [];
    expect(first).toMatchObject({ method: "detect-localize", summary: { n_spikes: 2 }, complete: true });
    expect(first.locations).toEqual({ com, monopolar });
    // later jobs start from its spikes
    expect(first.spikes).toBe(table);
    const { metrics, gate, summary, params } = result.steps[1];
    expect(second).toMatchObject({ metrics, gate, summary, params, complete: false });
  });

  it("whose numbers cannot be read gives its spikes and one sentence", async () => {
    const { run, info, spikes: table } = await openWith({ "metrics.json": utf8("{ cut short") });
    expect(table.nSpikes).toBe(2);
    expect(run).toBeUndefined();
    expect(info.warnings).toEqual([
      "run/metrics.json: expected JSON, found text that cannot be parsed. The spikes of this run were read without its curves.",
    ]);
  });

  it("of another program's making, or with half a step, is not taken for more than it is", async () => {
    const odd = {
      steps: [{ method: "dredge", curves: { a: { step: [1], value: [1, 2] }, b: 5 }, summary: { n: "x" } }, 7],
    };
    const { run } = await openWith({
      "metrics.json": utf8(JSON.stringify(odd)),
      "provenance.json": utf8('{"seed":"x","positions":"monopolar"}'),
    });
    expect(run?.steps).toHaveLength(1);
    expect(run?.steps[0]).toMatchObject({ method: "dredge", metrics: {}, summary: {}, complete: false });
    expect(run?.provenance).toMatchObject({ inputs: [], compute: { mode: "cpu" } });
  });
});
