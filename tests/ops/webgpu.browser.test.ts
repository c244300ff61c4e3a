import { env, getBackend } from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { chooseCompute } from "../../src/ops/compute.ts";
import { runOpCases } from "./runOpCases.ts";

beforeAll(async () => {
  await chooseCompute("webgpu", () => undefined); // throws when there is no adapter
  env().set("WEBGPU_CPU_HANDOFF_SIZE_THRESHOLD", 0); // small tensors too must take the GPU kernels
});

it("is the webgpu backend", () => {
  expect(getBackend()).toBe("webgpu");
});
runOpCases("webgpu");
