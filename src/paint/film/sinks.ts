import { Zip, ZipPassThrough } from "fflate";
import { AppError } from "../../core/errors.ts";
import type { FilmRequest } from "../../protocol/films.ts";
import { codecInWords, encodableCodec, type VideoFormat } from "./codecs.ts";

/** Where the frames of a film go, one after the other. */
export interface FilmSink {
  /** in words */
  codec: string;
  /** Take what is on the canvas as the next frame. Resolves when the next one may be drawn. */
  add(frame: number): Promise<void>;
  /** The film as one blob; null where it was written to a file. */
  finish(): Promise<{ blob: Blob | null; bytes: number }>;
  /** Give up: a file that was there before stays as it was. */
  abandon(): Promise<void>;
}

/** Zip archives without extensions end at 4 GiB. */
const mostZipBytes = 2 ** 32 - 2 ** 24;

/** Seconds between key frames: a player can jump to any of them. */
const keyFrameSec = 2;

/** Open what a film of this request is written with. Throws AppError where the browser cannot encode it. */
export function openSink(request: FilmRequest, canvas: OffscreenCanvas): Promise<FilmSink> {
  return request.format === "png" ? pngSink(request, canvas) : videoSink(request, request.format, canvas);
}

async function videoSink(request: FilmRequest, format: VideoFormat, canvas: OffscreenCanvas): Promise<FilmSink> {
  const codec = await encodableCodec(format, request);
  if (!codec) {
    const size = `${request.widthPx} × ${request.heightPx}`;
    throw new AppError(
      "bad-parameter",
      `This browser encodes no ${format === "mp4" ? "MP4" : "WebM"} of ${size} px; take the other format, a smaller size or PNG frames.`,
    );
  }
  const { BufferTarget, CanvasSource, Mp4OutputFormat, Output, Quality, StreamTarget, WebMOutputFormat } = await import(
    "mediabunny"
  );
  const writable = await request.file?.createWritable();
  const target = writable ? new StreamTarget(writable, { chunked: true }) : new BufferTarget();
  const output = new Output({
    format:
      format === "mp4" ? new Mp4OutputFormat({ fastStart: writable ? false : "in-memory" }) : new WebMOutputFormat(),
    target,
  });
  const { framesPerSec, bitsPerSec } = request;
  let bytes = 0;
  const source = new CanvasSource(canvas, {
    codec,
    quality: new Quality({ bitrate: bitsPerSec, bitrateMode: "variable" }),
    keyFrameInterval: keyFrameSec,
    onEncodedPacket: (packet) => {
      bytes += packet.data.byteLength;
    },
  });
  output.addVideoTrack(source, { frameRate: framesPerSec });
  await output.start();
  return {
    codec: codecInWords(format, codec),
    add: (frame) => source.add(frame / framesPerSec, 1 / framesPerSec),
    finish: async () => {
      await output.finalize();
      if (!(target instanceof BufferTarget) || !target.buffer) return { blob: null, bytes };
      const blob = new Blob([target.buffer], { type: `video/${format}` });
      return { blob, bytes: blob.size };
    },
    abandon: () => output.cancel(),
  };
}

/** Every frame as a PNG in one archive; PNGs are packed already, so the archive packs nothing. */
async function pngSink(request: FilmRequest, canvas: OffscreenCanvas): Promise<FilmSink> {
  const writable = await request.file?.createWritable();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  let failure: Error | null = null;
  const zip = new Zip((error, chunk) => {
    failure ??= error;
    bytes += chunk?.length ?? 0;
    if (chunk) parts.push(chunk as Uint8Array<ArrayBuffer>);
  });
  const flush = async () => {
    if (failure) throw failure;
    if (writable) for (const part of parts.splice(0)) await writable.write(part);
  };
  return {
    codec: "PNG frames in a zip",
    add: async (frame) => {
      const png = await canvas.convertToBlob({ type: "image/png" });
      const file = new ZipPassThrough(`frame_${String(frame).padStart(6, "0")}.png`);
      if (bytes + png.size > mostZipBytes)
        throw new AppError(
          "bad-data",
          "Expected frames of less than 4 GB together, found more; save a shorter stretch.",
        );
      zip.add(file);
      file.push(new Uint8Array(await png.arrayBuffer()), true);
      await flush();
    },
    finish: async () => {
      zip.end();
      await flush();
      await writable?.close();
      return { blob: writable ? null : new Blob(parts, { type: "application/zip" }), bytes };
    },
    abandon: async () => {
      zip.terminate();
      parts.length = 0;
      await writable?.abort();
    },
  };
}
