import { describe, expect, it } from "vitest";
import { chooseRecording } from "../../src/cli/runInputs.ts";
import { openRecordings } from "../../src/io/open.ts";
import { recordingFiles } from "../cases/spikeglxFiles.ts";
import { sourcesOf } from "../io/support.ts";

const two = () =>
  openRecordings(
    sourcesOf({ ...recordingFiles("a/r.imec0.ap"), ...recordingFiles("b/r.imec1.ap", { imDatPrb_sn: 5 }) }),
  );

describe("the recording that a command works on", () => {
  it("is named by words of its path or title where there are several", async () => {
    const found = await two();
    expect(() => chooseRecording(found, "to correct")).toThrow(
      "Expected one AP recording, found 2: a/r.imec0.ap.bin, b/r.imec1.ap.bin; name the files of one.",
    );
    expect(chooseRecording(found, "to correct", "ap", "imec1").files[0].path).toBe("b/r.imec1.ap.bin");
    expect(() => chooseRecording(found, "to correct", "ap", "imec7")).toThrow(
      'found none with "imec7" in its path or title, but a/r.imec0.ap.bin, b/r.imec1.ap.bin.',
    );
  });

  it("of several in one file is chosen by its title", async () => {
    const [one] = await two();
    const inFile = ["NWB left", "NWB right"].map((title) => ({ ...one, title }));
    expect(() => chooseRecording(inFile, "to correct")).toThrow(
      "found 2: a/r.imec0.ap.bin (NWB left), a/r.imec0.ap.bin (NWB right); choose one with --recording and words of its title.",
    );
    expect(chooseRecording(inFile, "to correct", "ap", "right")).toBe(inFile[1]);
    expect(() => chooseRecording([], "to correct")).toThrow("Expected a raw recording to correct; found none.");
  });
});
