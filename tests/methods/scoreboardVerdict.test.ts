import { describe, expect, it } from "vitest";
import { anchorPositions } from "../../src/core/scoreboard/controls.ts";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import { driftingUnits, rigidMotion, zigzag } from "../core/driftingUnits.ts";
import { DURATION_SEC, drifting, named, scored, truly, verdicts } from "./scoreboardRuns.ts";

describe("the verdict of a scoreboard", () => {
  it("tells a good motion from none, half, one that is not there and one of the wrong sign", async () => {
    const board = await scored(drifting, {
      motions: [
        named("true", truly),
        named("none", () => 0),
        named("half", (t) => truly(t) / 2),
        named("another", zigzag(30, 33)),
        named("turned", (t) => -truly(t)),
      ],
      truth: named("imposed", truly),
    });
    expect(verdicts(board)).toEqual([
      "true: helps",
      "none: does-not-help",
      "half: helps",
      "another: does-not-help",
      "turned: does-not-help",
    ]);
    const [good, none, , , turned] = board.verdicts;
    expect(good.sentence).toMatch(
      /^Correction helps: ρ̄ 0\.\d{3} → 0\.\d{3}, .* Against the truth: rms error 0\.00 µm, r 1\.000/,
    );
    expect(none.sentence).toMatch(/the estimate moves by 0\.0 µm only, the raster by about \d+ µm peak to peak/);
    expect(turned.sentence).toMatch(/with its sign turned it would/);
    expect(good.cautions).toEqual([]);
  });

  it("finds little motion where there is little", async () => {
    for (const [size, seed] of [
      [0, 1],
      [2, 2],
      [3, 3],
    ]) {
      const data = driftingUnits({ drift: zigzag(size, 50), durationSec: DURATION_SEC, seed });
      const board = await scored(data, {
        motions: [named("right", zigzag(size, 50)), named("none", () => 0), named("too much", zigzag(25, 20))],
      });
      expect(verdicts(board), `${size} µm`).toEqual([
        "right: little-motion",
        "none: little-motion",
        "too much: does-not-help",
      ]);
      expect(board.verdicts[0].sentence).toMatch(/^There is under 5 µm of motion/);
      expect(board.verdicts[2].sentence).toMatch(/the raster moves by under 5 µm as it is, the estimate by 2\d µm/);
    }
  });

  it("is not taken in by positions on their anchors", async () => {
    const found = anchorPositions(drifting.spikes.channel, drifting.probe);
    const anchor = "positions" in found ? found.positions : null;
    const spikes: SpikeTable = { ...drifting.spikes, depthUm: anchor!.yUm, xUm: anchor!.xUm!, zUm: anchor!.zUm! };
    const board = await scored({ spikes, probe: drifting.probe }, { motions: [named("true", truly)] });
    expect(verdicts(board)).toEqual(["true: does-not-help"]);
    const cautions = board.verdicts[0].cautions.join(" ");
    expect(cautions).toMatch(/pitch lock 1\.00/);
    expect(cautions).toMatch(/Lateral positions hardly differ/);
  });

  it("helps with motion along depth that differs along the probe", async () => {
    const growing = driftingUnits({ drift: () => 0, durationSec: DURATION_SEC });
    const times = rigidMotion(DURATION_SEC, truly).timeBinCentersSec;
    const motion: Motion = {
      timeBinCentersSec: times,
      depthBinCentersUm: Float64Array.of(0, 1000),
      displacementUm: Float64Array.from([...times].flatMap((t) => [0.2 * truly(t), truly(t)])),
    };
    const { timeSec, depthUm } = growing.spikes;
    const moved = depthUm.map((y, i) => y + truly(timeSec[i]) * (0.2 + 0.0008 * y));
    const board = await scored(
      { ...growing, spikes: { ...growing.spikes, depthUm: moved } },
      { motions: [{ name: "true", motion }] },
    );
    expect(verdicts(board)).toEqual(["true: helps"]);
  });

  it("says that it cannot be judged, and why", async () => {
    const few = driftingUnits({ drift: truly, durationSec: DURATION_SEC, nUnits: 1, rateHz: 1 });
    expect((await scored(few, { motions: [named("true", truly)] })).verdicts[0]).toMatchObject({
      kind: "cannot-be-judged",
      sentence: expect.stringMatching(/^This cannot be judged: (2 time bins|too few spikes)/),
    });
    const short = driftingUnits({ drift: truly, durationSec: 5 });
    expect((await scored(short, { motions: [named("true", truly)] })).verdicts[0].sentence).toBe(
      "This cannot be judged: 5 time bins, at least 10 are needed.",
    );
    const away = await scored(drifting, { motions: [named("away", () => 1e5)] });
    expect(away.verdicts[0].sentence).toMatch(/the motion moves \d+ of \d+ spikes off the grid/);
  });
});
