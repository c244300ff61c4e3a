import { describe, expect, it } from "vitest";
import { correctedDepths } from "../../src/paint/correctedDepths.ts";
import { stepFigureFiles } from "../../src/paint/figureFiles.ts";
import { figureSvg, medicineFigures, stepFigures } from "../../src/paint/figures.ts";
import { noPaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import { prepareSpikes } from "../../src/paint/spikeData.ts";
import { escapeXml, svgPen } from "../../src/paint/svgPen.ts";
import type { Sorting } from "../../src/protocol/datasets.ts";
import { medicineStep, scatteredSpikes, view } from "./synthetic.ts";
import { checkXml } from "./xml.ts";

const spikes = scatteredSpikes(4000);
const names = [
  "raw_raster_and_amplitudes",
  "training_loss",
  "depth_amplitude_distributions",
  "predicted_motion",
  "corrected_motion_raster",
];

describe("figures of a MEDiCINe run", () => {
  const figures = medicineFigures(medicineStep(), spikes);
  const svgOf = (name: string) => figures.find((figure) => figure.name === name)?.svg ?? "";

  it("are the five, under MEDiCINe's names", () => {
    expect(figures.map((figure) => figure.name)).toEqual(names);
  });

  it.each(names)("%s is well-formed, finite and says how many spikes it is drawn from", (name) => {
    const svg = svgOf(name);
    const counts = checkXml(svg);
    expect(counts.svg).toBe(1);
    expect(counts.title).toBe(1);
    expect(svg.replace(/base64,[^"]*/g, "")).not.toMatch(/NaN|undefined|null|Infinity/);
    expect(svg).toContain("4,000 spikes");
  });

  it("of another method are those that need nothing but its motion", () => {
    const step = { ...medicineStep(), method: "dredge", activity: undefined, metrics: {} };
    expect(stepFigures(step, spikes).map(({ name }) => name)).toEqual([names[0], names[3], names[4]]);
    expect(stepFigures(medicineStep(), spikes)).toHaveLength(5);
  });

  it("say what amplitudes are in, in the files of a run directory too", () => {
    const inUnit = (sorting?: Sorting) =>
      stepFigureFiles(medicineStep(), spikes, sorting).map(({ bytes }) => new TextDecoder().decode(bytes));
    const scaled = inUnit({ amplitudeUnit: "Kilosort amplitude" });
    expect(scaled.filter((svg) => svg.includes("Kilosort amplitude")).length).toBeGreaterThan(1);
    for (const svg of scaled) expect(svg).not.toContain("µV");
    expect(inUnit().filter((svg) => svg.includes("µV")).length).toBeGreaterThan(1);
  });

  it("show the images they promise", () => {
    const nImages = (name: string) => checkXml(svgOf(name)).image;
    expect(nImages("raw_raster_and_amplitudes")).toBe(2); // raster, colour bar
    expect(nImages("depth_amplitude_distributions")).toBe(12); // six panels with their bars
    expect(nImages("corrected_motion_raster")).toBe(6);
  });

  it("draw three losses, thin and thick, and name them", () => {
    const svg = svgOf("training_loss");
    for (const label of ["Total", "Real spikes", "Random spikes"]) expect(svg).toContain(`>${label}<`);
    expect(svg.match(/stroke-width="1.8"/g)).toHaveLength(3);
  });

  it("draw 15 depths of motion and state the sign in words", () => {
    const svg = svgOf("predicted_motion");
    expect(svg.match(/stroke-width="1.4"/g)).toHaveLength(15);
    expect(svg).toContain("up = tissue moved toward the top of the probe");
  });

  it("draw motion that grows as a line that rises on the page", () => {
    const top = /d="(M[^"]*)" fill="none" stroke-linejoin="round" stroke="[^"]*" stroke-width="1.4"/g;
    const paths = [...svgOf("predicted_motion").matchAll(top)].map((m) => m[1]);
    const ys = (path: string) =>
      path
        .split(/[ML]/)
        .slice(1)
        .map((p) => Number(p.split(" ")[1]));
    const highest = ys(paths[paths.length - 1]);
    expect(highest[highest.length - 1]).toBeLessThan(highest[0]);
    expect(highest[0]).toBeLessThan(ys(paths[0])[0]); // the last level is the top of the probe
  });

  it("say in a sentence what a stopped run did not leave behind", () => {
    const { motion: _motion, activity: _activity, ...rest } = medicineStep();
    const stopped = medicineFigures({ ...rest, metrics: {}, complete: false }, spikes);
    const texts = stopped.map(({ svg }) => svg);
    for (const text of texts) checkXml(text);
    expect(texts[1]).toContain("No training step was finished.");
    expect(texts[2]).toContain("No activity distribution was recorded");
    expect(texts[3]).toContain("No motion was recorded");
    expect(texts[4]).toContain("No motion was recorded");
  });

  it("do not change what they are drawn from", () => {
    const step = medicineStep();
    const copy = structuredClone({ step, spikes });
    medicineFigures(step, spikes);
    expect({ step, spikes }).toEqual(copy);
  });

  it("are drawn for a single spike", () => {
    const one = scatteredSpikes(1);
    for (const { svg } of medicineFigures(medicineStep(), one)) {
      checkXml(svg);
      expect(svg.replace(/base64,[^"]*/g, "")).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
});

describe("live pictures as SVG", () => {
  const step = medicineStep();
  const motion = step.motion ?? null;
  const corrected = motion && correctedDepths(spikes, motion);
  const data = {
    ...noPaintData(),
    spikes: prepareSpikes(spikes),
    motion,
    corrected,
    activity: step.activity?.[0] ?? null,
  };

  it.each(["raster-raw", "raster-corrected", "motion", "activity", "amplitudes"] as const)(
    "%s, both themes, any size",
    (kind) => {
      for (const theme of ["dark", "light"] as const) {
        for (const [widthPx, heightPx] of [
          [640, 360],
          [90, 60],
          [1, 1],
        ]) {
          const shown = { ...view, theme, showMotion: true, cursorTimeSec: 30 };
          const svg = figureSvg(buildPicture(kind, data, shown, { widthPx, heightPx, pixelRatio: 1 }));
          checkXml(svg);
          expect(svg.replace(/base64,[^"]*/g, "")).not.toMatch(/NaN|undefined|Infinity/);
        }
      }
    },
  );
});

describe("svg pen", () => {
  it("escapes what XML forbids", () => {
    expect(escapeXml('a<b & "c">\u0000d')).toBe("a&lt;b &amp; &quot;c&quot;&gt;d");
    const pen = svgPen(10, 10, "1 < 2 & 3");
    checkXml(pen.finish());
  });

  it("breaks a line at NaN", () => {
    const pen = svgPen(10, 10, "t");
    pen.polyline([0, 0, 1, 1, Number.NaN, 2, 3, 3, 4, 4], { colour: "#000000", widthPx: 1 });
    expect(pen.finish()).toContain('d="M0 0L1 1M3 3L4 4"');
  });

  it("refuses a coordinate that is not a number", () => {
    const pen = svgPen(10, 10, "t");
    expect(() => pen.fillRect({ left: Number.NaN, top: 0, width: 1, height: 1 }, "#000000")).toThrow("finite");
  });
});

describe("the XML checker of these tests", () => {
  it.each(["<a><b></a></b>", "<a x=1/>", "<a>&nbsp;</a>", "<a/><b/>", '<a x="1" x="2"/>', "<a>"])(
    "refuses %s",
    (text) => {
      expect(() => checkXml(text)).toThrow();
    },
  );
});
