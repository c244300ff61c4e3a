import { AppError } from "../core/errors.ts";

/** Hand a file to the browser's downloads. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // the download has its own reference once it has begun; browsers begin it within this task or the next
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Draw an SVG at `scale` times its own size. Throws bad-data when the browser cannot read it. */
export async function svgToPng(svg: string, scale: number): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (!blob) {
      const size = `${canvas.width} × ${canvas.height}`;
      throw new AppError("bad-data", `The browser made no PNG of the picture (${size} px); save it as SVG instead.`);
    }
    return blob;
  } finally {
    URL.revokeObjectURL(url);
  }
}
