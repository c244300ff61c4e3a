import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { score } from "../../src/cli/commands/score.ts";
import { writeFiles } from "../../src/cli/writeFiles.ts";
import { jsonFile } from "../../src/io/write/file.ts";
import { npyFile } from "../../src/io/write/npy.ts";
import { spikeinterfaceMotionFiles } from "../../src/io/write/spikeinterfaceMotion.ts";
import type { Scoreboard } from "../../src/protocol/scoreboard.ts";
import { driftingUnits, rigidMotion, zigzag } from "../core/driftingUnits.ts";

const folder = mkdtempSync(join(tmpdir(), "driftscope-rho-"));
const run = join(folder, "run");
const imposed = join(folder, "imposed");
const drift = zigzag(50, 40);

interface Output {
  rows: { motion: string; rmseUm: number; r: number; fromSec: number; toSec: number }[];
  scoreboards: ({ dir: string } & Scoreboard)[];
}

/** A run directory with two localizers and two motions, and waypoints of the truth for its middle. */
beforeAll(async () => {
  const { spikes, truth } = driftingUnits({ drift, durationSec: 80 });
  const n = spikes.nSpikes;
  const table = (name: string, z: number) => {
    const rows = Array.from(spikes.timeSec, (_, i) => [spikes.xUm![i], spikes.depthUm[i], spikes.zUm![i] + z, 1]);
    return npyFile(`locations/${name}.npy`, rows.flat(), [n, 4], "<f4");
  };
  await writeFiles(run, [
    jsonFile("recipe.json", { driftscope: 1, seed: 0, steps: [{ method: "x", params: { localizer: "monopolar" } }] }),
    npyFile("spikes/times_sec.npy", spikes.timeSec, [n], "<f8"),
    npyFile("spikes/amplitude_uv.npy", spikes.ampUv, [n], "<f4"),
    npyFile("spikes/channel.npy", spikes.channel!, [n], "<i4"),
    table("monopolar", 0),
    table("com", 9),
    ...spikeinterfaceMotionFiles("motion/dredge", truth),
    ...spikeinterfaceMotionFiles(
      "motion/medicine",
      rigidMotion(80, (t) => drift(t) / 2),
    ),
  ]);
  await writeFiles(imposed, [
    npyFile("manip.positions.npy", [50, 0, 50], [3], "<f8"),
    npyFile("manip.timestamps_p1.npy", [20, 40, 60], [3], "<f8"),
  ]);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("scoring a run directory", () => {
  it("gives every pair of localizer and motion its rows, controls and verdict", async () => {
    const out = join(folder, "out");
    const output = (await score([run, "--truth", imposed, "--out", out])).output as Output;
    expect(output.rows.map(({ motion }) => motion)).toEqual(["dredge", "medicine"]);
    expect(output.rows[0]).toMatchObject({ fromSec: 20.5, toSec: 59.5 });
    expect(output.rows[0].rmseUm).toBeLessThan(1);
    const [board] = output.scoreboards;
    expect(board).toMatchObject({ dir: run, complete: true, positions: ["com", "monopolar"] });
    expect(board.verdicts.map(({ positions, motion, kind }) => `${positions} ${motion} ${kind}`)).toEqual([
      "monopolar dredge helps",
      "monopolar medicine helps",
      "com dredge helps",
      "com medicine helps",
    ]);
    expect(board.warnings[0]).toMatch(/covers 20\.0 to 60\.0 s, the motion "dredge" 0\.5 to 79\.5 s/);
    expect(board.rows).toHaveLength(2 * (2 + 2 * 6));
    const anchor = board.rows.find(({ kind }) => kind === "anchor")!;
    expect(anchor.notPossible).toMatch(/contacts of the probe/); // nothing in the folder says where they lie
  });

  it("writes the published columns, with what else is known of a row", () => {
    const lines = readFileSync(join(folder, "out/scoreboard_rho.csv"), "utf8").trim().split("\n");
    const names = lines[0].split(",");
    expect(names.slice(0, 5)).toEqual([
      "method",
      "apply_rho_bar",
      "apply_H_bar",
      "delta_rho_vs_mp_dredge",
      "rho_x_global",
    ]);
    expect(lines).toHaveLength(1 + 28);
    const baseline = lines.find((line) => line.startsWith('"monopolar, corrected by dredge"'))!.split(",");
    // the first cell holds one comma
    const cell = (name: string) => baseline[names.indexOf(name) + 1];
    expect(Number(cell("apply_rho_bar"))).toBeGreaterThan(0.5);
    expect(cell("delta_rho_vs_mp_dredge")).toBe("0");
    expect(Number(cell("rho_x_global"))).toBeCloseTo(1, 9);
    expect(cell("rho_x_local")).toBe(""); // no anchors
    expect(lines.join("\n")).not.toContain("NaN");
    const stored = JSON.parse(readFileSync(join(folder, "out/scoreboard.json"), "utf8")) as Output;
    expect(stored.scoreboards[0].verdicts).toHaveLength(4);
  });

  it("writes a table of the published columns alone, with the published scores below its own", () => {
    const text = readFileSync(join(folder, "out/scoreboard_published_columns.csv"), "utf8");
    const lines = text.trim().split("\n");
    expect(lines[0]).toBe(
      "method,apply_rho_bar,apply_H_bar,delta_rho_vs_mp_dredge,rho_x_global,rho_x_local,rho_y_global,rho_y_local,rho_z,notes",
    );
    expect(lines.filter((line) => line.startsWith('"as published: '))).toHaveLength(9);
    expect(lines).toHaveLength(1 + 2 * 3 + 9); // no controls
    expect(text).toContain('"as published: CNN, all spikes, epoch 20",0.663,8.14,0.095,0.924,0.92,0.9999,0.893,0.573,');
    expect(text).toMatch(/"as published: MP raw, no motion correction",0\.267,.*cannot be compared/);
  });

  it("takes the time bin and the trend from the command line, and leaves the histograms out when told to", async () => {
    const coarse = (await score([run, "--bin-sec", "4", "--detrend", "quadratic"])).output as Output;
    expect(coarse.scoreboards[0].rows[0].grid.binSec).toBe(4);
    expect(coarse.rows).toHaveLength(1); // without a truth, the two motions against each other
    const none = (await score([run, "--no-rho"])).output as Output;
    expect(none.scoreboards).toEqual([]);
    await expect(score([run, "--bin-sec", "0"])).rejects.toThrow(/--bin-sec expects a number of seconds above 0/);
    await expect(score([run, "--detrend", "cubic"])).rejects.toThrow(/--detrend is one of median, quadratic/);
  });

  it("wants one truth", async () => {
    await expect(score([run, "--truth", run])).rejects.toThrow(
      /run: expected one motion that is true, found 2: dredge, medicine; name the folder of one\.$/,
    );
  });

  it("takes what is known out of a folder that holds estimates as well", async () => {
    const mixed = join(folder, "mixed");
    await writeFiles(mixed, [
      npyFile("manip.positions.npy", [50, 0, 50], [3], "<f8"),
      npyFile("manip.timestamps_p1.npy", [20, 40, 60], [3], "<f8"),
      ...spikeinterfaceMotionFiles(
        "estimate",
        rigidMotion(80, () => 0),
      ),
    ]);
    const { rows } = (await score([run, "--truth", mixed, "--no-rho"])).output as Output;
    expect(rows[0]).toMatchObject({ motion: "dredge", fromSec: 20.5, r: expect.closeTo(1, 6) });
  });

  it("takes motions of single shanks as one", async () => {
    const apart = join(folder, "apart");
    const motion = rigidMotion(80, drift);
    const turned = rigidMotion(80, (t) => -drift(t));
    await writeFiles(apart, [
      ...spikeinterfaceMotionFiles("motion_shank0", motion),
      ...spikeinterfaceMotionFiles("motion_shank1", turned),
    ]);
    const { rows } = (await score([run, "--truth", apart, "--no-rho"])).output as Output;
    expect(rows).toHaveLength(2);
    expect(rows[0].r).toBeCloseTo(0, 6); // as right on one shank as it is wrong on the other
  });
});
