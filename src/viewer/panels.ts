import type { Painter } from "../paint/painter.ts";
import type { PageContents } from "../protocol/interactivePage.ts";
import type { PictureKind } from "../protocol/pictures.ts";
import type { PlotArea } from "../protocol/plotArea.ts";
import { el, saveText } from "./dom.ts";
import { listenToGestures } from "./gestures.ts";
import { type Model, resetRanges, setRanges } from "./model.ts";
import { listenToOrbit } from "./orbit.ts";
import type { PanelSpec } from "./panelSpecs.ts";

/** What panels are drawn with. */
export interface Surroundings {
  contents: PageContents;
  model: Model;
  painter: Painter;
  fail(error: unknown): void;
}

/** A panel with its picture, which is drawn when it has a size and again whenever that changes. */
export function panel({ kind, title, label, help }: PanelSpec, around: Surroundings): HTMLElement {
  const { painter, model, fail } = around;
  const box = el("div", { class: "zoom-box", hidden: true });
  const host = el("div", { class: "picture", role: "img", "aria-label": label, "data-testid": `picture-${kind}` }, box);
  const save = async () =>
    saveText(await painter.exportFigure(kind, "svg", model.get().theme), "image/svg+xml", `${kind}.svg`);
  const section = el("section", { class: "panel", "data-kind": kind, "aria-label": title });
  const enlarge = el("button", {
    type: "button",
    class: "quiet",
    "aria-pressed": "false",
    "aria-label": `Enlarge ${title}`,
    title: "Enlarge",
    onclick: () => {
      const isLarge = section.classList.toggle("large");
      enlarge.setAttribute("aria-pressed", String(isLarge));
    },
  });
  enlarge.textContent = "⤢";
  const svg = el("button", { type: "button", class: "quiet", "aria-label": `Save ${title} as SVG` }, "SVG");
  svg.addEventListener("click", () => {
    save().catch(fail);
  });
  section.append(el("header", {}, el("h2", { title: help }, title), el("span", { class: "grow" }), svg, enlarge), host);
  attach(kind, host, box, around);
  return section;
}

function attach(kind: PictureKind, host: HTMLElement, box: HTMLElement, around: Surroundings): void {
  const { painter, model, contents, fail } = around;
  let areas: readonly PlotArea[] = [];
  let canvas: HTMLCanvasElement | null = null;
  const readAreas = async () => {
    areas = await painter.plotAreas(kind);
    host.dataset.painted = "true";
  };
  const observer = new ResizeObserver(() => {
    const [width, height] = [host.clientWidth, host.clientHeight];
    if (width === 0 || height === 0) return;
    if (canvas) painter.resize(kind, width, height, devicePixelRatio).then(readAreas).catch(fail);
    else {
      canvas = el("canvas");
      host.prepend(canvas);
      const offscreen = canvas.transferControlToOffscreen();
      painter.attach(kind, kind, offscreen, width, height, devicePixelRatio).then(readAreas).catch(fail);
    }
  });
  observer.observe(host);
  // margins follow the numbers along the axes
  model.subscribe(() => {
    if (canvas) readAreas().catch(fail);
  });
  if (kind === "spike-3d") {
    listenToOrbit(host, model);
    return;
  }
  listenToGestures(host, {
    model,
    areas: () => areas,
    change: (ranges) => setRanges(model, contents, ranges),
    pick: ({ x, y }) => {
      painter
        .pick(kind, x, y)
        .then((spike) => spike && model.set({ selected: spike.index }))
        .catch(fail);
    },
    reset: () => resetRanges(model, contents),
    mark: (marked) => {
      box.hidden = marked === null;
      if (!marked) return;
      const { a, b } = marked;
      box.style.left = `${Math.min(a.x, b.x)}px`;
      box.style.top = `${Math.min(a.y, b.y)}px`;
      box.style.width = `${Math.abs(a.x - b.x)}px`;
      box.style.height = `${Math.abs(a.y - b.y)}px`;
    },
  });
}
