import { env } from "@tensorflow/tfjs-core";
import { beforeAll } from "vitest";
import { chooseCompute } from "../../src/ops/compute.ts";
import { jointCases } from "./jointCases.ts";
import { lossCase } from "./lossCases.ts";
import { networkCases } from "./networkCases.ts";
import { operation } from "./slnNetworks.ts";
import { tpcaCase } from "./tpcaCases.ts";
import { trainingCases } from "./trainingCases.ts";

/** The reference data on webgpu; runs of AdamW are short, for Chromium's adapter is a software one. */
beforeAll(async () => {
  await chooseCompute("webgpu", () => undefined); // throws when there is no adapter
  env().set("WEBGPU_CPU_HANDOFF_SIZE_THRESHOLD", 0); // small tensors too must take the GPU kernels
});

networkCases(operation);
trainingCases("cnn", ["clip_0.5", "decay_0.1_no_clip"], 3);
trainingCases("transformer", ["clip_0.5"], 2);
lossCase("case_spec");
lossCase("case_large");
jointCases("eval", [0.05], 1);
tpcaCase();
