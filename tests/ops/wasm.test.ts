import { getBackend } from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { chooseCompute } from "../../src/ops/compute.ts";
import { runOpCases } from "./runOpCases.ts";

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

it("is the wasm backend", () => {
  expect(getBackend()).toBe("wasm");
});
runOpCases("wasm, SIMD");
