import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatNames, formatRows } from "../src/io/readers/index.ts";
import { methods, presetRecipes } from "../src/methods/registry.ts";
import { badForDetection } from "./cases/badForDetection.ts";
import { badInputs } from "./cases/badInputs.ts";
import { oddInputs } from "./cases/oddInputs.ts";

const root = join(import.meta.dirname, "..");
const readme = readFileSync(join(root, "README.md"), "utf8");

describe("the README stays true", () => {
  it("names the two commands, every method and every preset", () => {
    expect(readme).toContain("npm ci && npm start");
    expect(readme).toContain("npm ci && npm test");
    for (const { title } of methods) expect(readme).toContain(title);
    for (const name of Object.keys(presetRecipes())) expect(readme).toContain(`\`${name}\``);
  });

  it("lists the sentence of every bad or odd input", () => {
    for (const { sentence } of [...badInputs, ...badForDetection, ...oddInputs])
      expect(readme).toContain(sentence.replace(formatNames(), "…").replaceAll("|", "\\|"));
  });

  it("has the table of formats as the readers say it", () => {
    const lines = formatRows().map(({ title, knownBy, reads, leaves }) =>
      [title, knownBy, reads, leaves || "–"].map((cell) => cell.replaceAll("|", "\\|")).join(" | "),
    );
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) expect(readme).toContain(`| ${line} |`);
  });

  it("gives a reason for every dependency", () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<
      string,
      Record<string, string>
    >;
    const table = readme.slice(readme.indexOf("### Dependencies"));
    const missing = Object.keys({ ...dependencies, ...devDependencies })
      .filter((name) => !name.startsWith("@types/") && name !== "@webgpu/types")
      .filter(
        (name) =>
          !table.includes(name.replace("@tensorflow/tfjs-", "")) && !table.includes(name.replace(/^@[^/]+\//, "")),
      );
    expect(missing).toEqual([]);
  });

  it("pins every dependency to one version", () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<
      string,
      Record<string, string>
    >;
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    );
    expect(loose).toEqual([]);
  });
});
