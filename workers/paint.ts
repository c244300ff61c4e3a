import { figureDataBlob } from "../src/io/write/figureData.ts";
import { Painter } from "../src/paint/painter.ts";
import { exposeApi } from "../src/protocol/comlink.ts";

exposeApi(
  new Painter({
    makeCanvas: (widthPx, heightPx) => new OffscreenCanvas(widthPx, heightPx),
    // a worker without frames of its own still redraws no faster than a screen
    nextFrame: (draw) => {
      if (typeof requestAnimationFrame === "function") requestAnimationFrame(draw);
      else setTimeout(draw, 16);
    },
    nowMs: () => performance.now(),
    dataFile: figureDataBlob,
  }),
);
