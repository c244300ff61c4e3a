import { useEffect, useState } from "react";
import { withPaint } from "../../app/clients.ts";
import { getResults, useResultVersion } from "../../app/results.ts";
import { saveBlob, svgToPng } from "../../app/saveFile.ts";
import { notifyError } from "../../app/sessionStore.ts";
import type { StepResult } from "../../protocol/methods.ts";
import { Empty } from "../../ui/PanelFrame.tsx";
import type { PanelDef } from "../../ui/panel.ts";

interface Figure {
  name: string;
  svg: string;
  url: string;
}

/** Draw the figures of a step in the paint worker; the image addresses are freed when the step is another. */
function useFigures(step: StepResult | null): { figures: Figure[] | null; failure: unknown } {
  const [figures, setFigures] = useState<Figure[] | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  useEffect(() => {
    setFigures(null);
    if (!step) return;
    let gone = false;
    let urls: string[] = [];
    const draw = async () => {
      const drawn = await withPaint((paint) => paint.figures(step));
      if (gone) return;
      const made = drawn.map(({ name, svg }) => ({
        name,
        svg,
        url: URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" })),
      }));
      urls = made.map((figure) => figure.url);
      setFigures(made);
    };
    draw().catch(setFailure);
    return () => {
      gone = true;
      for (const url of urls) URL.revokeObjectURL(url);
    };
  }, [step]);
  return { figures, failure };
}

function save(work: Promise<Blob>, name: string): void {
  work.then(
    (blob) => saveBlob(blob, name),
    (error: unknown) => notifyError(error),
  );
}

function Card({ name, svg, url }: Figure) {
  const title = name.replaceAll("_", " ");
  return (
    <figure data-testid={`figure-${name}`}>
      <img src={url} alt={title} />
      <figcaption>
        <span>{title}</span>
        <button
          type="button"
          className="quiet"
          onClick={() => saveBlob(new Blob([svg], { type: "image/svg+xml" }), `${name}.svg`)}
        >
          SVG
        </button>
        <button type="button" className="quiet" onClick={() => save(svgToPng(svg, 2), `${name}.png`)}>
          PNG
        </button>
      </figcaption>
    </figure>
  );
}

function Figures() {
  useResultVersion("run");
  const step = getResults().run?.steps.findLast((one) => one.motion) ?? null;
  const { figures, failure } = useFigures(step);
  if (failure) throw failure;
  if (!step)
    return <Empty>After a run, figures of its motion for print stand here, each to be kept as PNG or SVG.</Empty>;
  if (!figures) return <Empty>Drawing the figures of the run…</Empty>;
  return (
    <div className="figures">
      {figures.map((figure) => (
        <Card key={figure.name} {...figure} />
      ))}
    </div>
  );
}

export const figures: PanelDef = {
  id: "figures",
  title: "Figures",
  help: "Pictures of the last run, drawn light for print and part of the exported run directory: the raster before and after, and the motion; of MEDiCINe also the learned activity and the loss. Hold the two rasters against each other: bands that wave before and run level after were moved by drift, bands that wave only after were bent by the estimate.",
  place: { beside: "activity", where: "within" },
  component: Figures,
};
