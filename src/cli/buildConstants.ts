import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .trim();
  } catch {
    return "unknown"; // a source archive without git is a legitimate place to build from
  }
}

/** Values every bundle carries into its provenance (declared in src/core/build.d.ts). */
export function buildConstants(): Record<string, string> {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  return { __DRIFTSCOPE_VERSION__: JSON.stringify(version), __DRIFTSCOPE_COMMIT__: JSON.stringify(commit()) };
}
