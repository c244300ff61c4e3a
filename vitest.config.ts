import { existsSync, realpathSync } from "node:fs";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { buildConstants } from "./src/cli/buildConstants.ts";
import { simdKernels } from "./src/ops/simd/vitePlugin.ts";
import { chromiumArgs, findChromium } from "./tests/chromium.mjs";

const browserTests = ["tests/**/*.browser.test.ts"];
/** Long runs against reference data that is not part of the checkout. */
const goldenTests = ["tests/golden/*.test.ts"];
const goldenBrowserTests = ["tests/golden/*.browser.test.ts"];
const shared = existsSync("../shared") ? realpathSync("../shared") : "../shared";

/** A new one for each project: vitest names its instances after it. */
const chromium = () => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({ launchOptions: { executablePath: findChromium(), args: chromiumArgs } }),
  instances: [{ browser: "chromium" as const }],
});

export default defineConfig({
  test: {
    passWithNoTests: false,
    projects: [
      {
        plugins: [simdKernels()],
        define: buildConstants(),
        test: {
          name: "node",
          setupFiles: "tests/seed.ts",
          include: ["tests/**/*.test.ts"],
          exclude: [...browserTests, ...goldenTests],
          server: { deps: { inline: [/@tensorflow/, /wgsl_reflect/] } },
          testTimeout: 60_000,
        },
      },
      {
        plugins: [simdKernels()],
        define: buildConstants(),
        test: {
          name: "golden",
          setupFiles: "tests/seed.ts",
          include: goldenTests,
          exclude: goldenBrowserTests,
          server: { deps: { inline: [/@tensorflow/] } },
          testTimeout: 1_500_000,
        },
      },
      {
        plugins: [simdKernels()],
        define: buildConstants(),
        test: {
          name: "chromium",
          include: browserTests,
          exclude: goldenBrowserTests,
          testTimeout: 300_000,
          browser: chromium(),
        },
      },
      {
        plugins: [simdKernels()],
        define: buildConstants(),
        server: { fs: { allow: [".", shared] } },
        test: {
          name: "golden-chromium",
          include: goldenBrowserTests,
          env: { SHARED_URL: `/@fs${shared}` },
          testTimeout: 300_000,
          browser: chromium(),
        },
      },
    ],
  },
});
