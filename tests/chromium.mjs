import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "playwright";

/** WebGPU without a window: the flag is what makes the software adapter answer. The rest keeps Chromium off the network. */
export const chromiumArgs = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const systemBrowsers = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

function existing() {
  const own = chromium.executablePath();
  return [own, ...systemBrowsers].find((path) => path && existsSync(path));
}

/** Playwright's own browser, else a system one; as root on Debian it is installed. Throws one sentence otherwise. */
export function findChromium() {
  const found = existing();
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    console.error("No Chromium found: installing Debian's.");
    execFileSync("apt-get", ["update"], { stdio: "ignore" });
    execFileSync("apt-get", ["install", "-y", "chromium"], { stdio: "ignore" });
    const installed = existing();
    if (installed) return installed;
  }
  throw new Error(
    "The tests need Chromium or Chrome: run `npx playwright install chromium` or install it from your system.",
  );
}
