import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { memorySource } from "../../src/io/byteSource.ts";
import { readNetworkWeights } from "../../src/io/networkWeights.ts";
import { readSafetensors } from "../../src/io/safetensors.ts";
import { networkWeightsFile } from "../../src/io/write/safetensors.ts";
import { initialModel } from "../../src/nn/initialModel.ts";
import type { TrainedModel } from "../../src/protocol/models.ts";

const specs = [
  { kind: "cnn", nOut: 3 },
  { kind: "cnn", nOut: 4 },
  { kind: "transformer", nOut: 3 },
] as const;

function modelOf(spec: (typeof specs)[number]): TrainedModel {
  const start = initialModel(spec, new Random(3), { mean: [24, 1910], std: [1.6, 1107] });
  return { ...start, waveformScale: 9.5577, about: "ünfinished" };
}

const read = (bytes: Uint8Array, warnings: string[] = []) =>
  readNetworkWeights(memorySource("m/model.safetensors", bytes), warnings);

/** Compared as bytes: an assertion over half a million numbers takes seconds. */
function expectSame({ weights, statistics, ...others }: TrainedModel, expected: TrainedModel) {
  const bytes = (values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  expect(bytes(weights).equals(bytes(expected.weights))).toBe(true);
  expect(bytes(statistics).equals(bytes(expected.statistics))).toBe(true);
  const { weights: _weights, statistics: _statistics, ...expectedOthers } = expected;
  expect(others).toEqual(expectedOthers);
}

/** A file of a header and as many bytes as it wants. */
function fileOf(header: unknown, nBytes = 0): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const out = new Uint8Array(8 + text.length + nBytes);
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true);
  out.set(text, 8);
  return out;
}

describe.each(specs)("the weights of a $kind with $nOut outputs", (spec) => {
  const model = modelOf(spec);

  it("come back as they were, with scale and words", async () => {
    const warnings: string[] = [];
    expectSame(await read(networkWeightsFile(model), warnings), model);
    expect(warnings).toEqual([]);
  });

  it("begin at a multiple of 8 bytes, and count the batches that BatchNorm has seen", async () => {
    const optimizer = { step: 7, moments: new Float32Array(2 * model.weights.length) };
    const bytes = networkWeightsFile({ ...model, optimizer });
    expect(new DataView(bytes.buffer).getBigUint64(0, true) % 8n).toBe(0n);
    const { tensors } = await readSafetensors(memorySource("m.safetensors", bytes));
    const counter = tensors.get("features.1.num_batches_tracked");
    if (spec.kind === "transformer") expect(counter).toBeUndefined();
    else expect([counter!.dtype, counter!.shape, await counter!.read()]).toEqual(["I64", [], Float32Array.of(7)]);
    expectSame(await read(bytes), model);
  });
});

describe("a file of weights", () => {
  it.each([
    ["F64", new Uint8Array(Float64Array.of(1.5, -2).buffer)],
    ["F16", new Uint8Array(Uint16Array.of(0x3e00, 0xc000).buffer)],
    ["BF16", new Uint8Array(Uint16Array.of(0x3fc0, 0xc000).buffer)],
  ])("may hold numbers as %s", async (dtype, values) => {
    const bytes = fileOf({ a: { dtype, shape: [2], data_offsets: [0, values.length] } }, values.length);
    bytes.set(values, bytes.length - values.length);
    const { tensors } = await readSafetensors(memorySource("m.safetensors", bytes));
    expect(await tensors.get("a")!.read()).toEqual(Float32Array.of(1.5, -2));
  });

  it("of the reference does not say the scale, which is told", async () => {
    const bytes = networkWeightsFile({ ...modelOf(specs[0]), waveformScale: 0 });
    const warnings: string[] = [];
    expect((await read(bytes, warnings)).waveformScale).toBe(0);
    expect(warnings).toEqual([expect.stringContaining("does not say what the network's waveforms are divided by")]);
  });

  const place = (shape: number[], from: number, to: number, dtype = "F32") => ({
    dtype,
    shape,
    data_offsets: [from, to],
  });
  it.each([
    ["a PyTorch archive", Uint8Array.of(0x50, 0x4b, 3, 4), /m\/model.safetensors is a PyTorch archive.*save_file/],
    ["nothing", new Uint8Array(0), /expected a safetensors file, but its first 8 bytes are no length/],
    ["text", new TextEncoder().encode("weights, I hope"), /its first 8 bytes are no length/],
    ["a header that is no JSON", fileOf("{not json"), /its header is not a JSON object/],
    ["a list", fileOf([1]), /its header is not a JSON object/],
    ["a tensor without a place", fileOf({ a: { dtype: "F32" } }), /does not say where tensor a lies/],
    ["a tensor beyond the end", fileOf({ a: place([2], 0, 8) }, 4), /tensor a of shape \[2\] does not fit/],
    ["a tensor of other bytes", fileOf({ a: place([3], 0, 8) }, 8), /tensor a of shape \[3\] does not fit/],
    [
      "another network",
      fileOf({ "fc.weight": place([1], 0, 4) }, 4),
      /expected the weights of a Spike.*found fc.weight/,
    ],
    ["no tensors", fileOf({}), /found no tensors/],
    [
      "another architecture",
      fileOf({ "features.0.weight": place([1, 1], 0, 4) }, 4),
      /expected tensor features.0.weight of shape \[32, 10, 5\] as the cnn has it, found shape \[1, 1\]/,
    ],
    [
      "whole numbers",
      fileOf({ "features.0.weight": place([32, 10, 5], 0, 1600, "I8") }, 1600),
      /tensor features.0.weight is of type I8; save it as float32/,
    ],
  ])("that is %s is refused in one sentence", async (_what, bytes, sentence) => {
    await expect(read(bytes)).rejects.toThrow(sentence);
  });

  it("with numbers that are none is refused", async () => {
    const model = modelOf(specs[0]);
    model.weights[5] = Number.NaN;
    await expect(read(networkWeightsFile(model))).rejects.toThrow(
      /expected numbers in tensor features.0.weight, found NaN/,
    );
  });
});
