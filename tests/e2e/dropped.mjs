// Drops files or folders on the built page as a hand does, and takes a picture of what it shows.
//   npx vite build && node tests/e2e/dropped.mjs OUT.png PATH... [--layout 1..5] [--wait SEC]
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { dropPaths } from "./drag.mjs";
import { withPage } from "./serve.mjs";

const options = { layout: { type: "string" }, wait: { type: "string", default: "6" } };
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const [picture, ...paths] = positionals.map((path) => resolve(path));
if (paths.length === 0) throw new Error("Expected a picture's name, then what is dropped.");

await withPage(join(dirname(fileURLToPath(import.meta.url)), "../.."), async (page, url) => {
  page.on("pageerror", (error) => console.error(String(error)));
  await page.goto(`${url}?compute=cpu`);
  await page.waitForTimeout(1000);
  await dropPaths(page, paths);
  await page.waitForTimeout(1000 * Number(values.wait));
  if (values.layout) {
    await page.keyboard.press(`Shift+Digit${values.layout}`);
    await page.waitForTimeout(3000);
  }
  for (const text of await page.getByTestId("dataset-summary").allTextContents()) console.log(text);
  for (const text of await page.getByTestId("error-strip").allTextContents()) console.log(text);
  await page.screenshot({ path: picture });
});
