import type { FilmFormat, FilmRequest } from "../../protocol/films.ts";

/** What videos are encoded with, best first: H.264 plays everywhere, then what browsers that lack it have. */
const codecsOf = {
  mp4: ["avc", "vp9", "av1", "vp8"],
  webm: ["vp9", "av1", "vp8"],
} as const;

export type VideoFormat = Exclude<FilmFormat, "png">;

export type Codec = (typeof codecsOf)[VideoFormat][number];

const names: Record<Codec, string> = { avc: "H.264", vp9: "VP9", av1: "AV1", vp8: "VP8" };
const containers: Record<VideoFormat, string> = { mp4: "MP4", webm: "WebM" };

/** "H.264 in MP4" */
export function codecInWords(format: VideoFormat, codec: Codec): string {
  return `${names[codec]} in ${containers[format]}`;
}

/** The first codec that `VideoEncoder.isConfigSupported` accepts at this size and rate; null where there is none. */
export async function encodableCodec(
  format: VideoFormat,
  { widthPx, heightPx, bitsPerSec }: Pick<FilmRequest, "widthPx" | "heightPx" | "bitsPerSec">,
): Promise<Codec | null> {
  if (typeof VideoEncoder === "undefined") return null;
  const { canEncodeVideo, Quality } = await import("mediabunny");
  const quality = new Quality({ bitrate: bitsPerSec });
  for (const codec of codecsOf[format])
    if (await canEncodeVideo(codec, { width: widthPx, height: heightPx, quality })) return codec;
  return null;
}
