import "@tensorflow/tfjs-backend-cpu";
import { setBackend } from "@tensorflow/tfjs-core";
import { beforeAll } from "vitest";
import { runOpCases } from "./runOpCases.ts";

beforeAll(async () => {
  await setBackend("cpu");
});
runOpCases("cpu");
