import { beforeAll, describe, expect, it } from "vitest";
import { memorySource } from "../../src/io/byteSource.ts";
import { readNetworkWeights } from "../../src/io/networkWeights.ts";
import { readSafetensors } from "../../src/io/safetensors.ts";
import { networkWeightsFile } from "../../src/io/write/safetensors.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { fixtureBytes } from "../fixture.ts";
import { golden, goldenWeights } from "./slnNetworks.ts";
import { trainingCases } from "./trainingCases.ts";

const runs = ["no_clip", "clip_5", "clip_0.5", "decay_0.1_no_clip"];

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

trainingCases("cnn", runs);
trainingCases("transformer", runs);

describe.each(["cnn", "transformer"] as const)("files of the %s", (kind) => {
  it("PyTorch's is read, and one written with the same tensors", async () => {
    const bytes = await fixtureBytes(`networks/${kind}/weights.safetensors`, golden);
    const warnings: string[] = [];
    const model = await readNetworkWeights(memorySource("weights.safetensors", bytes), warnings);
    expect(warnings).toHaveLength(1); // it does not say what waveforms are divided by
    expect(model.spec).toEqual({ kind, nOut: 3 });
    const { weights, statistics } = await goldenWeights(kind);
    const bytesOf = (...parts: Float32Array[]) => Buffer.concat(parts.map((part) => Buffer.from(part.buffer)));
    expect(bytesOf(model.weights, model.statistics).equals(bytesOf(weights, statistics))).toBe(true);
    const written = await readSafetensors(memorySource("own.safetensors", networkWeightsFile(model)));
    const original = await readSafetensors(memorySource("weights.safetensors", bytes));
    expect([...written.tensors.keys()].sort()).toEqual([...original.tensors.keys()].sort());
    for (const [name, tensor] of original.tensors) {
      const own = written.tensors.get(name)!;
      expect([own.dtype, own.shape]).toEqual([tensor.dtype, tensor.shape]);
      expect(Buffer.from((await own.read()).buffer).equals(Buffer.from((await tensor.read()).buffer)), name).toBe(true);
    }
  });
});
