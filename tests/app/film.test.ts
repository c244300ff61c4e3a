import { beforeEach, describe, expect, it } from "vitest";
import {
  filmPlace,
  filmRange,
  jumpTo,
  setFilmBin,
  setFilmRange,
  showFrame,
  stepFilm,
  useFilm,
} from "../../src/app/film.ts";
import { filmEstimate, filmRequest, useFilmExport } from "../../src/app/filmExport.ts";
import { setRanges, showBounds, useView } from "../../src/app/viewStore.ts";

describe("the player", () => {
  beforeEach(() => {
    useFilm.setState(useFilm.getInitialState(), true);
    useFilmExport.setState(useFilmExport.getInitialState(), true);
    useView.setState(useView.getInitialState(), true);
    showBounds({ time: [0, 60], depth: [0, 1000], amp: [0, 1] });
  });
  const timeSec = () => useView.getState().film.timeSec;

  it("steps from frame to frame inside the recording, and the shared cursor goes along", () => {
    expect(filmPlace()).toEqual({ frame: 0, nFrames: 60 });
    stepFilm(1);
    stepFilm(1);
    expect([timeSec(), useView.getState().cursorTimeSec]).toEqual([2, 2.5]);
    showFrame(Number.MAX_SAFE_INTEGER);
    stepFilm(1);
    expect(filmPlace().frame).toBe(59);
    showFrame(-3);
    expect(timeSec()).toBe(0);
  });

  it("jumps to a moment, and a moment stays on screen when frames become longer or shorter", () => {
    jumpTo(33.7);
    expect(timeSec()).toBe(33);
    setFilmBin(0.5);
    expect([timeSec(), filmPlace()]).toEqual([33, { frame: 66, nFrames: 120 }]);
    setFilmBin(10);
    expect([timeSec(), filmPlace()]).toEqual([30, { frame: 3, nFrames: 6 }]);
    jumpTo(Number.NaN);
    expect(timeSec()).toBe(30);
  });

  it("plays a chosen stretch alone, and all of what is opened next", () => {
    setFilmRange([10, 25.5]);
    expect([timeSec(), filmPlace().nFrames]).toEqual([10, 16]);
    showFrame(99);
    expect(timeSec()).toBe(25);
    showBounds({ time: [0, 8], depth: [0, 1000], amp: [0, 1] });
    expect(filmRange()).toEqual([0, 8]);
    expect(filmPlace()).toEqual({ frame: 0, nFrames: 8 });
  });

  it("takes the time on screen along when it leaves it", () => {
    setRanges({ time: [0, 10] });
    showFrame(5);
    expect(useView.getState().ranges.time).toEqual([0, 10]);
    showFrame(20);
    expect(useView.getState().ranges.time).toEqual([19.5, 29.5]);
  });

  it("says how long and how large a film becomes before it is made", () => {
    const { nFrames, durationSec, bytes } = filmEstimate(filmRequest());
    expect([nFrames, durationSec]).toEqual([60, 2.4]);
    expect(bytes).toBeGreaterThan((2.4 * 6e6) / 8);
    useFilmExport.setState({ format: "png", frameBytes: 1e5, heightPx: 1080 });
    expect(filmEstimate(filmRequest()).bytes).toBe(6e6);
    expect(filmRequest()).toMatchObject({ widthPx: 1920, heightPx: 1080, theme: "dark", rangeSec: [0, 60] });
  });
});
