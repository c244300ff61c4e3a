import { defineConfig } from "@playwright/test";
import { chromiumArgs, findChromium } from "./tests/chromium.mjs";

const port = 4189;

export default defineConfig({
  testDir: "tests/e2e",
  testMatch: "*.e2e.ts",
  outputDir: "test-results/e2e",
  timeout: 180_000,
  // pictures of a software GPU on two busy cores take their time; what fails, fails none the less
  expect: { timeout: 20_000 },
  workers: 1,
  retries: 0,
  forbidOnly: true,
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [["list"], ["json"]] : "list",
  use: {
    baseURL: `http://localhost:${port}`,
    viewport: { width: 1500, height: 920 },
    // the page follows the system's theme until a person chooses
    colorScheme: "dark",
    launchOptions: { executablePath: findChromium(), args: chromiumArgs },
  },
  webServer: {
    command: `npx vite preview --port ${port} --strictPort`,
    url: `http://localhost:${port}`,
    reuseExistingServer: false,
  },
});
