/**
 * What a picture is drawn with. Two implementations (canvasPen.ts, svgPen.ts) give the same picture; nothing above
 * this interface knows which. Coordinates are CSS pixels from the top left corner, y downwards.
 */

export interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** RGBA bytes, not premultiplied, [heightPx, widthPx, 4], row 0 at the top. */
export interface PixelImage {
  rgba: Uint8ClampedArray<ArrayBuffer>;
  widthPx: number;
  heightPx: number;
}

export interface Stroke {
  colour: string;
  widthPx: number;
  /** lengths of dashes and gaps, px; solid when absent */
  dashPx?: readonly number[];
  /** 0 to 1; 1 when absent */
  opacity?: number;
}

export interface TextStyle {
  colour: string;
  sizePx: number;
  align: "left" | "center" | "right";
  baseline: "top" | "middle" | "bottom";
  bold?: boolean;
  /** quarter turn to the left, around (x, y): reads from bottom to top */
  upwards?: boolean;
}

export interface Pen {
  fillRect(rect: Rect, colour: string, opacity?: number): void;
  strokeRect(rect: Rect, stroke: Stroke): void;
  /** xy: x0, y0, x1, y1, …; a NaN breaks the line */
  polyline(xy: ArrayLike<number>, stroke: Stroke): void;
  /** The inside of a closed line, filled. xy as above, all finite */
  polygon(xy: ArrayLike<number>, colour: string): void;
  text(text: string, x: number, y: number, style: TextStyle): void;
  /** Pixels are stretched over the rectangle without smoothing: a cell stays a cell. */
  image(image: PixelImage, rect: Rect): void;
  /** Whatever `draw` draws is cut at the rectangle. */
  clip(rect: Rect, draw: () => void): void;
}

/** The one font of every picture: whatever the system's interface uses, no file to load. */
export const fontFamily = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";

/**
 * Offset in px from y to the alphabetic baseline. Both pens place text by it, because SVG readers disagree about
 * dominant-baseline; 0.36 and 0.76 em are half and whole cap height of common sans-serif fonts.
 */
export function baselineShiftPx(style: TextStyle): number {
  if (style.baseline === "middle") return 0.36 * style.sizePx;
  return style.baseline === "top" ? 0.76 * style.sizePx : -0.12 * style.sizePx;
}

/**
 * Width of a text in px, estimated from above so that labels laid out by it do not touch in any font. An estimate
 * rather than a measurement, so that canvas and SVG get the same layout and Node needs no font.
 */
export function textWidthPx(text: string, sizePx: number): number {
  return 0.62 * sizePx * text.length;
}
