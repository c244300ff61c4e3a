import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeBinary } from "../../src/cli/commands/describe.ts";
import { inspect } from "../../src/cli/commands/inspect.ts";
import { AppError } from "../../src/core/errors.ts";
import type { DatasetInfo } from "../../src/protocol/datasets.ts";
import { columnProbe, probeinterfaceBytes } from "../cases/geometryFiles.ts";
import { bytesOf, samplesOf } from "../io/plain/plainFiles.ts";

const N = 4000;
const samples = samplesOf({ nChannels: 32, nUnits: 8 }, N);

function folderWith(files: Record<string, Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), "driftscope-describe-"));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  return folder;
}

describe("driftscope describe", () => {
  it("guesses, says so, and leaves a folder that opens", async () => {
    const folder = folderWith({ "rec.raw": bytesOf(samples) });
    const { output } = await describeBinary([join(folder, "rec.raw")]);
    expect(output).toMatchObject({
      layout: { dtype: "int16", nSaved: 33, sync: 1, rateHz: 30_000, offsetBytes: 0, uvPerBit: null },
      nSamples: N,
      guessed: { channels: { value: 33 }, rate: { value: 30_000 } },
      notes: [],
    });
    expect(readdirSync(folder).sort()).toEqual(["rec.binary.json", "rec.raw"]);
    const info = (await inspect([folder])).output as DatasetInfo;
    expect(info).toMatchObject({ kind: "recording", nChannels: 32, sync: 1, nSamples: N, rateHz: 30_000 });
    expect(info.warnings.join(" ")).toContain("positions are unknown");
  });

  it("takes what is given, and a probe by part number", async () => {
    const folder = folderWith({ "rec.raw": bytesOf(samples) });
    const given = ["--rate", "25000", "--uv", "2.34", "--sync", "1", "--channels", "33", "--probe", "NP1000"];
    const { output } = await describeBinary([join(folder, "rec.raw"), ...given]);
    expect((output as { guessed: object }).guessed).not.toHaveProperty("rate");
    const info = (await inspect([folder])).output as DatasetInfo;
    expect(info).toMatchObject({ rateHz: 25_000, uvPerBit: 2.34, nChannels: 32 });
    expect(info.probe?.positionsUm.slice(0, 3)).toEqual([
      [27, 0],
      [59, 0],
      [11, 20],
    ]);
  });

  it("takes a probe from a file that fits", async () => {
    const files = { "rec.raw": bytesOf(samples), "mine.json": probeinterfaceBytes(columnProbe(32)) };
    const folder = folderWith(files);
    await describeBinary([join(folder, "rec.raw"), "--probe", join(folder, "mine.json")]);
    const written = ["rec.raw", "rec.binary.json", "rec.probe.json"].map((name) => join(folder, name));
    const info = (await inspect(written)).output as DatasetInfo;
    expect(info.probe?.positionsUm[2]).toEqual([8, 40]);
  });

  it("says what is left out of a file cut short", async () => {
    const folder = folderWith({ "rec.raw": bytesOf(samples).slice(0, -6) });
    const { output } = await describeBinary([join(folder, "rec.raw")]);
    expect((output as { notes: string[] }).notes).toEqual([
      "The file does not hold a whole number of samples of 33 channels: the last 60 bytes are left out.",
    ]);
    expect((await inspect([folder])).output).toMatchObject({ nSamples: N - 1 });
  });

  it.each([
    [["--channels", "0"], "rec.raw: expected 1 to 65536 channels, found 0."],
    [["--rate", "0"], "rec.raw: expected a sampling rate of 1 to 10,000,000 Hz, found 0."],
    [["--rate", "NaN"], '--rate expects a number; it got "NaN".'],
    [["--dtype", "text"], '--dtype is one of int16, uint16, >i2, int32, float32, float64; it got "text".'],
    [
      ["--probe", "NP1110"],
      "rec.probe.json: expected a part number with a wiring to start with, or a probeinterface .json, found NP1110 (Neuropixels Ultra, phase 2), whose wiring is chosen site by site.",
    ],
  ])("refuses %j", async (given, sentence) => {
    const folder = folderWith({ "rec.raw": bytesOf(samples) });
    const outcome = await describeBinary([join(folder, "rec.raw"), ...given]).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(AppError);
    expect((outcome as AppError).message).toBe(sentence);
    expect(readdirSync(folder)).toEqual(["rec.raw"]);
  });

  it("refuses the probe of a library, which says no wiring", async () => {
    const folder = folderWith({ "rec.raw": bytesOf(samples), "NP1000.json": probeinterfaceBytes(columnProbe(960)) });
    const attempt = describeBinary([join(folder, "rec.raw"), "--probe", join(folder, "NP1000.json")]);
    await expect(attempt).rejects.toThrow(
      "NP1000.json: expected a probe of 32 connected contacts, one for each neural channel, found 960 without a wiring: set device_channel_indices in the file, or choose a part number for the wiring it starts with.",
    );
  });
});
