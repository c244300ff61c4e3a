import type { PaintParts, PictureView } from "../protocol/pictures.ts";
import type { Figure } from "./figure.ts";
import type { Frame, PaintData } from "./pictureData.ts";

/** What a picture consists of, its size and title apart. */
export type Content = Pick<Figure, "plots" | "caption" | "banners">;

/** Data that can change on their own. */
export type DataPart = "spikes" | "motion" | "motions" | "brushed" | keyof PaintParts;

/** A kind of picture: how it is built, and what it must be built again for. */
export interface PictureDef {
  /** Data that are not there yet give a sentence that says what will fill the picture. Throws AppError. */
  build(data: PaintData, view: PictureView, frame: Frame): Content;
  /** the part of a view that it depends on, as plain data; its theme it always does */
  sees(view: PictureView): unknown;
  /** the data that it is drawn from */
  uses(view: PictureView): readonly DataPart[];
}

/** A picture whose data do not depend on the view. */
export function definePicture(
  build: PictureDef["build"],
  uses: readonly DataPart[],
  sees: PictureDef["sees"] = () => null,
): PictureDef {
  return { build, sees, uses: () => uses };
}
