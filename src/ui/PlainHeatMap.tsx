import { useEffect, useRef } from "react";
import { formatNumber } from "../app/format.ts";
import type { PaintedPlain } from "../protocol/plainBinary.ts";

/** Samples of a headerless binary by the layout of its form, time to the right, channels upwards. */
export function PlainHeatMap({ picture, rateHz }: { picture: PaintedPlain | null; rateHz: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const target = canvas.current;
    if (!target || !picture) return;
    const { rgba, widthPx, heightPx } = picture;
    target.width = widthPx;
    target.height = heightPx;
    target.getContext("2d")?.putImageData(new ImageData(rgba, widthPx, heightPx), 0, 0);
    target.dataset.painted = `${widthPx} × ${heightPx}`;
  }, [picture]);
  const [low, high] = picture?.limits ?? [0, 0];
  const ms = picture ? formatNumber((1000 * picture.widthPx) / rateHz, 3) : "…";
  return (
    <figure className="plain-heat-map">
      <div className="plain-heat-frame">
        <span className="plain-heat-y">channel →</span>
        <canvas
          ref={canvas}
          role="img"
          aria-label={
            picture
              ? `${picture.widthPx} samples in the middle of the file, ${picture.heightPx} channels`
              : "Not yet drawn"
          }
          data-testid="plain-heat-map"
        />
        <span className="plain-heat-x">
          time →, {ms} ms in the middle of the file; values from {formatNumber(low)} (dark) to {formatNumber(high)}{" "}
          (bright)
        </span>
      </div>
      <figcaption>
        Where the layout is right, bands run straight along or across.{" "}
        <strong>Diagonal stripes mean the channel count is wrong.</strong> Noise alone: the number type, or the bytes
        before the first sample.
      </figcaption>
    </figure>
  );
}
