import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

const root = mkdtempSync(join(tmpdir(), "driftscope-launch-"));

/** A checkout in which nothing has been built. */
beforeAll(() => {
  for (const name of ["src", "shaders", "workers", "package.json", "tsconfig.json", "vite.config.ts"])
    cpSync(name, join(root, name), { recursive: true });
  symlinkSync(join(process.cwd(), "node_modules"), join(root, "node_modules"));
});
afterAll(() => rmSync(root, { recursive: true }));

const formats = (delayMs: number) =>
  new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    setTimeout(() => {
      const child = spawn(process.execPath, [join(root, "src/cli/launch.mjs"), "formats"], { cwd: root });
      const said = { stdout: "", stderr: "" };
      child.stdout.on("data", (chunk) => (said.stdout += chunk));
      child.stderr.on("data", (chunk) => (said.stderr += chunk));
      child.on("close", (code) => resolve({ code, ...said }));
    }, delayMs);
  });

it("several started at once on a fresh checkout build once, and all of them run", async () => {
  // left by a process that has died
  mkdirSync(join(root, "build"));
  writeFileSync(join(root, "build/cli.lock"), String(2 ** 30));
  const all = await Promise.all([0, 0, 300, 600, 900, 1200].map(formats));
  for (const { code, stdout, stderr } of all) {
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).length).toBeGreaterThan(10);
  }
  expect(readdirSync(join(root, "build"))).toEqual(["cli"]);
  expect(existsSync(join(root, "build/cli/main.js"))).toBe(true);
});
