import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { run } from "../../src/cli/commands/run.ts";
import { AppError } from "../../src/core/errors.ts";
import { badForDetection } from "../cases/badForDetection.ts";

const folder = mkdtempSync(join(tmpdir(), "driftscope-refusals-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("detection says in one sentence why a recording cannot be searched, and leaves nothing behind", () => {
  it.each(badForDetection)("$name", async ({ files, sentence }) => {
    const own = mkdtempSync(join(folder, "case-"));
    const paths = files.map(({ path }) => join(own, path));
    files.forEach(({ bytes }, i) => {
      writeFileSync(paths[i], bytes);
    });
    const out = join(own, "out");
    const outcome = await run(["detect-localize", "--input", ...paths, "--out", out, "--compute", "cpu"]).catch(
      (error: unknown) => error,
    );
    expect(outcome).toBeInstanceOf(AppError);
    expect((outcome as AppError).message).toBe(sentence);
    for (const left of [".unfinished", "spikes", "recipe.json"]) expect(existsSync(join(out, left)), left).toBe(false);
  });
});
