import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

/**
 * What a first visit loads: index.html, the scripts and styles it names, and everything those import statically. Lazy parts
 * (dynamic imports, workers, wasm) come later.
 * @param {string} dist
 */
export function firstLoadBytes(dist) {
  const html = readFileSync(join(dist, "index.html"), "utf8");
  const named = [...html.matchAll(/(?:src|href)="\.?\/?([^"]+\.(?:js|css))"/g)].map((m) => m[1]);
  const files = new Map([["index.html", html]]);
  const queue = [...named];
  while (queue.length > 0) {
    const name = queue.pop();
    if (files.has(name)) continue;
    const text = readFileSync(join(dist, name), "utf8");
    files.set(name, text);
    if (!name.endsWith(".js")) continue;
    for (const [, target] of text.matchAll(/(?:^|[;}\s])(?:import|export)\b[^"'()]*?["'](\.\/[^"']+\.js)["']/g))
      queue.push(join(dirname(name), target));
  }
  const gzip = [...files.values()].reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);
  return { gzip, files: [...files.keys()] };
}
