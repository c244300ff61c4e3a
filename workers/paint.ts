import { figureDataBlob } from "../src/io/write/figureData.ts";
import { RasterDevice } from "../src/ops/webgpu/rasterDevice.ts";
import { Painter } from "../src/paint/painter.ts";
import { exposeApi } from "../src/protocol/comlink.ts";

const painter = new Painter({
  makeCanvas: (widthPx, heightPx) => new OffscreenCanvas(widthPx, heightPx),
  // a worker without frames of its own still redraws no faster than a screen
  nextFrame: (draw) => {
    if (typeof requestAnimationFrame === "function") requestAnimationFrame(draw);
    else setTimeout(draw, 16);
  },
  nowMs: () => performance.now(),
  dataFile: figureDataBlob,
});
exposeApi(painter);

/** Where there is a GPU it counts the spikes of large pictures; where there is none, or it goes, the painter counts itself. */
async function countOnGpu(): Promise<void> {
  const device = await RasterDevice.request().catch(() => null);
  if (device) painter.countWith(device);
}

void countOnGpu();
