import { figureDataBlob } from "../../src/io/write/figureData.ts";
import { Painter } from "../../src/paint/painter.ts";

/** Node has no canvas: this one writes down what it is asked to draw. */
export function fakeCanvas(): {
  canvas: OffscreenCanvas;
  texts: string[];
  nImages: () => number;
  nDrawings: () => number;
} {
  const texts: string[] = [];
  let nImages = 0;
  let nDrawings = 0;
  const known: Record<string, unknown> = {
    fillText: (text: string) => texts.push(text),
    drawImage: () => nImages++,
    setTransform: () => undefined,
    fillRect: (left: number, top: number) => {
      if (left === 0 && top === 0) nDrawings++; // the page below everything: once per drawing
    },
  };
  const context = new Proxy(known, {
    get: (target, name: string) => target[name] ?? (() => undefined),
    set: () => true,
  });
  const canvas = { width: 0, height: 0, getContext: () => context } as unknown as OffscreenCanvas;
  return { canvas, texts, nImages: () => nImages, nDrawings: () => nDrawings };
}

class FakeImageData {
  readonly data: Uint8ClampedArray;
  constructor(data: Uint8ClampedArray) {
    this.data = data;
  }
}

/** A painter whose frames are drawn when asked for, by a clock that goes on by `tickMs` whenever it is read. */
export function setUp(tickMs = 1) {
  Object.assign(globalThis, { ImageData: FakeImageData });
  const frames: (() => void)[] = [];
  let clock = 0;
  const painter = new Painter({
    makeCanvas: () => fakeCanvas().canvas,
    nextFrame: (draw) => frames.push(draw),
    nowMs: () => {
      clock += tickMs;
      return clock;
    },
    dataFile: figureDataBlob,
  });
  const frame = () => {
    for (const draw of frames.splice(0)) draw();
  };
  return { painter, frame, frames };
}
