import { chromium } from "playwright";
import { preview } from "vite";
import { chromiumArgs, findChromium } from "../chromium.mjs";

/**
 * Serve the built page and open it in Chromium.
 * @param {string} root
 * @param {(page: import("playwright").Page, url: string) => Promise<void>} work
 * @param {{ width: number, height: number }} viewport
 */
export async function withPage(root, work, viewport = { width: 1500, height: 920 }) {
  const server = await preview({
    root,
    configFile: `${root}/vite.config.ts`,
    logLevel: "error",
    preview: { port: 4187, strictPort: false },
  });
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumArgs });
  try {
    await work(
      await browser.newPage({ viewport, colorScheme: "dark" }),
      server.resolvedUrls?.local[0] ?? "http://localhost:4187/",
    );
  } finally {
    await browser.close();
    await server.close();
  }
}
