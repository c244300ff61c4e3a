import type { PaintedPlain, PlainPicture } from "../protocol/plainBinary.ts";
import { colourTable } from "./colourMaps.ts";
import { colourImage } from "./image.ts";

/** Samples of a headerless binary in colours that grow from blue to yellow between the limits, for every kind of colour vision. */
export function paintedPlain({ image, ...facts }: PlainPicture): PaintedPlain {
  const colours = { table: colourTable("cividis"), limits: facts.limits, scale: "linear" } as const;
  const { rgba, widthPx, heightPx } = colourImage(image, colours);
  return { ...facts, rgba: new Uint8ClampedArray(rgba), widthPx, heightPx };
}
