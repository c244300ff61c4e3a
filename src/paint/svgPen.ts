import { assert } from "../core/errors.ts";
import type { Pen, Rect, Stroke, TextStyle } from "./pen.ts";
import { baselineShiftPx, fontFamily } from "./pen.ts";
import { pngDataUri } from "./png.ts";

/** A pen whose picture is an SVG document; call `finish` once, at the end. */
export interface SvgPen extends Pen {
  finish(): string;
}

/**
 * A pen that writes SVG 1.1 as text: needs no canvas, no DOM, no font. `title` names the picture for screen readers
 * and file managers. Images are embedded as PNG. Asserts that every coordinate is finite.
 */
export function svgPen(widthPx: number, heightPx: number, title: string): SvgPen {
  const parts: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${n(widthPx)}" height="${n(heightPx)}" ` +
      `viewBox="0 0 ${n(widthPx)} ${n(heightPx)}" font-family="${fontFamily}">`,
    `<title>${escapeXml(title)}</title>`,
  ];
  let nClips = 0;
  return {
    fillRect: (rect, colour, opacity = 1) => {
      parts.push(`<rect ${box(rect)} fill="${colour}"${opacity < 1 ? ` fill-opacity="${n(opacity)}"` : ""}/>`);
    },
    strokeRect: (rect, stroke) => {
      parts.push(`<rect ${box(rect)} fill="none" ${strokeAttributes(stroke)}/>`);
    },
    polyline: (xy, stroke) => {
      const path = pathOf(xy);
      if (path) parts.push(`<path d="${path}" fill="none" stroke-linejoin="round" ${strokeAttributes(stroke)}/>`);
    },
    polygon: (xy, colour) => {
      parts.push(`<path d="${pathOf(xy)}Z" fill="${colour}"/>`);
    },
    text: (text, x, y, style) => {
      parts.push(textElement(text, x, y, style));
    },
    image: (image, rect) => {
      parts.push(
        `<image ${box(rect)} preserveAspectRatio="none" style="image-rendering:pixelated" href="${pngDataUri(image)}"/>`,
      );
    },
    clip: (rect, draw) => {
      const id = `clip${nClips++}`;
      parts.push(`<clipPath id="${id}"><rect ${box(rect)}/></clipPath>`, `<g clip-path="url(#${id})">`);
      draw();
      parts.push("</g>");
    },
    finish: () => `${parts.join("\n")}\n</svg>\n`,
  };
}

/** Text as it may stand in an element or an attribute. Characters that XML 1.0 forbids are dropped. */
export function escapeXml(text: string): string {
  const allowed = [...text].filter((c) => c >= " " || c === "\n" || c === "\t").join("");
  return allowed.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/** Hundredths of a pixel are enough for print and keep the file small. */
function n(value: number): string {
  assert(Number.isFinite(value), `a coordinate is finite, found ${value}`);
  return String(Math.round(value * 100) / 100);
}

function box(rect: Rect): string {
  return `x="${n(rect.left)}" y="${n(rect.top)}" width="${n(rect.width)}" height="${n(rect.height)}"`;
}

function strokeAttributes({ colour, widthPx, dashPx, opacity }: Stroke): string {
  const dash = dashPx ? ` stroke-dasharray="${dashPx.map(n).join(" ")}"` : "";
  const alpha = opacity === undefined ? "" : ` stroke-opacity="${n(opacity)}"`;
  return `stroke="${colour}" stroke-width="${n(widthPx)}"${dash}${alpha}`;
}

function pathOf(xy: ArrayLike<number>): string {
  let path = "";
  let isDown = false;
  for (let i = 0; i + 1 < xy.length; i += 2) {
    if (!(Number.isFinite(xy[i]) && Number.isFinite(xy[i + 1]))) {
      isDown = false;
      continue;
    }
    path += `${isDown ? "L" : "M"}${n(xy[i])} ${n(xy[i + 1])}`;
    isDown = true;
  }
  return path;
}

function textElement(text: string, x: number, y: number, style: TextStyle): string {
  const anchor = { left: "start", center: "middle", right: "end" }[style.align];
  const shift = baselineShiftPx(style);
  const place = style.upwards
    ? `transform="translate(${n(x)} ${n(y)}) rotate(-90)" y="${n(shift)}"`
    : `x="${n(x)}" y="${n(y + shift)}"`;
  const weight = style.bold ? ' font-weight="600"' : "";
  return (
    `<text ${place} fill="${style.colour}" font-size="${n(style.sizePx)}" text-anchor="${anchor}"${weight}>` +
    `${escapeXml(text)}</text>`
  );
}
