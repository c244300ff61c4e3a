import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cli, type Finished } from "./cliProcess.ts";

const root = mkdtempSync(join(tmpdir(), "driftscope-launch-"));

/** A checkout in which nothing has been built. */
beforeAll(() => {
  for (const name of ["src", "shaders", "workers", "package.json", "tsconfig.json", "vite.config.ts"])
    cpSync(name, join(root, name), { recursive: true });
  symlinkSync(join(process.cwd(), "node_modules"), join(root, "node_modules"));
});
afterAll(() => rmSync(root, { recursive: true }));

async function formats(delayMs: number): Promise<Finished> {
  await wait(delayMs);
  return cli(["formats"], undefined, root);
}

/** Every one has said the formats, and nothing but the build is left. */
async function expectAllRun(delaysMs: number[]): Promise<void> {
  for (const { code, stdout, stderr } of await Promise.all(delaysMs.map(formats))) {
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).length).toBeGreaterThan(10);
  }
  expect(readdirSync(join(root, "build"))).toEqual(["cli"]);
  expect(existsSync(join(root, "build/cli/main.js"))).toBe(true);
}

it("several started at once on a fresh checkout build once, and all of them run", async () => {
  await expectAllRun([0, 0, 300, 600, 900, 1200]);
});

it("a lock left by a process that has died stops nobody", async () => {
  rmSync(join(root, "build/cli"), { recursive: true, force: true });
  mkdirSync(join(root, "build"), { recursive: true });
  writeFileSync(join(root, "build/cli.lock"), String(2 ** 30));
  await expectAllRun([0]);
});
