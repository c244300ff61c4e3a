import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { WgslReflect } from "wgsl_reflect";
import "../../src/ops/webgpu/cnnPrograms.ts";
import "../../src/ops/webgpu/detectionPrograms.ts";
import "../../src/ops/webgpu/dredgePrograms.ts";
import "../../src/ops/webgpu/histogramPrograms.ts";
import "../../src/ops/webgpu/interpolationPrograms.ts";
import "../../src/ops/webgpu/jointPrograms.ts";
import "../../src/ops/webgpu/localizePrograms.ts";
import "../../src/ops/webgpu/motionPrograms.ts";
import "../../src/ops/webgpu/networkPrograms.ts";
import "../../src/ops/webgpu/signalPrograms.ts";
import "../../src/ops/webgpu/transformerPrograms.ts";
import { programs } from "../../src/ops/webgpu/programDef.ts";

const shaderFolder = join(import.meta.dirname, "../../shaders");

describe("WGSL files and their typed bindings", () => {
  it("has a binding for every file and a file for every binding", () => {
    // parts/ holds functions that several kernels append
    const files = readdirSync(shaderFolder).filter((f) => f.endsWith(".wgsl"));
    expect(files.map((f) => f.replace(/\.wgsl$/, "")).sort()).toEqual(programs.map((p) => p.name).sort());
  });

  describe.each(programs)("$name", (program) => {
    const reflected = new WgslReflect(program.source);

    it("has one entry point, main, with the stated workgroup", () => {
      expect(reflected.entry.compute.map((e) => e.name)).toEqual(["main"]);
      const [x, y, z] = /@workgroup_size\((\d+), (\d+), (\d+)\)/.exec(program.source)!.slice(1).map(Number);
      expect([x, y, z]).toEqual([...program.workgroup]);
      expect(x * y * z).toBeLessThanOrEqual(256); // baseline limit
    });

    it("has the stated parameters at binding 0, 4-byte scalars in order", () => {
      const [uniform] = reflected.uniforms;
      expect([reflected.uniforms.length, uniform.group, uniform.binding, uniform.name]).toEqual([1, 0, 0, "params"]);
      const members = uniform.members!.map((m) => [m.name, m.type.name, m.offset]);
      expect(members).toEqual(program.params.map(([name, type], i) => [name, type, 4 * i]));
    });

    it("has the stated buffers from binding 1, in order, within the baseline limit", () => {
      const buffers = [...reflected.storage].sort((a, b) => a.binding - b.binding);
      expect(buffers.map((b) => [b.name, b.access, b.group, b.binding])).toEqual(
        program.buffers.map(([name, access], i) => [name, access, 0, i + 1]),
      );
      expect(buffers.length).toBeLessThanOrEqual(8);
    });

    it("uses only baseline features and keeps workgroup memory under 16 KiB", () => {
      expect(program.source).not.toMatch(/\benable\b|\brequires\b|\bf16\b/);
      const floats = [...program.source.matchAll(/var<workgroup> \w+: array<f32, (\d+)>/g)].reduce(
        (n, m) => n + Number(m[1]),
        0,
      );
      expect(4 * floats).toBeLessThanOrEqual(16384);
    });

    it("explains itself: a header comment, and no file without its oracle or its source", () => {
      expect(program.source.startsWith("//")).toBe(true);
    });
  });
});
