import { zlibSync } from "fflate";
import type { Motion } from "../../core/types.ts";
import type { PageContents, PagePositions } from "../../protocol/interactivePage.ts";
import { packTree, rounded } from "../../protocol/packedTree.ts";
import type { WaveformBlock } from "../../protocol/waveformBlock.ts";

/**
 * A run as one page: our own pictures as a script, the data compressed beside it, nothing fetched. What is drawn keeps more
 * digits than a screen shows: 0.01 µm, 10 µs, a thousandth of log10 α, a few thousandths of the largest sample.
 */

const stepUm = 0.01;
const stepSec = 1e-5;
const stepLogAlpha = 1e-3;
/** steps from 0 to the largest magnitude of a waveform, and of the amplitudes of all spikes */
const waveSteps = 4000;
const ampSteps = 16_000;

/** The power of two nearest to the largest magnitude over a number of steps. */
function stepFor(values: ArrayLike<number>, nSteps: number): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (size > most && size < Number.POSITIVE_INFINITY) most = size;
  }
  return most > 0 ? 2 ** Math.round(Math.log2(most / nSteps)) : 1;
}

function compactMotion(motion: Motion): Motion {
  const { displacementUm, timeBinCentersSec, lateralUm, byShank } = motion;
  return {
    ...motion,
    displacementUm: rounded(displacementUm, stepUm, true),
    timeBinCentersSec: rounded(timeBinCentersSec, stepSec, true),
    ...(lateralUm ? { lateralUm: rounded(lateralUm, stepUm, true) } : {}),
    ...(byShank ? { byShank: byShank.map(compactMotion) } : {}),
  };
}

function compactPositions({ xUm, depthUm, zUm, logAlpha, ...rest }: PagePositions): PagePositions {
  return {
    ...rest,
    depthUm: rounded(depthUm, stepUm),
    xUm: xUm && rounded(xUm, stepUm),
    zUm: zUm && rounded(zUm, stepUm),
    logAlpha: logAlpha && rounded(logAlpha, stepLogAlpha),
  };
}

function compactWaveforms(block: WaveformBlock): WaveformBlock {
  const step = stepFor(block.raw, waveSteps);
  const { raw, denoised } = block;
  return { ...block, raw: rounded(raw, step, true), denoised: denoised && rounded(denoised, step, true) };
}

/** The contents as the page carries them, in base64, in pieces that only need to be put one after the other. */
export function pageData(contents: PageContents): string[] {
  const { spikes, positions, motions, waveforms, anchors } = contents;
  const bytes = zlibSync(
    packTree({
      ...contents,
      spikes: {
        ...spikes,
        timeSec: rounded(spikes.timeSec, stepSec, true),
        ampUv: rounded(spikes.ampUv, stepFor(spikes.ampUv, ampSteps)),
      },
      positions: positions.map(compactPositions),
      motions: motions.map((drawn) => ({ ...drawn, motion: compactMotion(drawn.motion) })),
      anchors: anchors && rounded(anchors, stepUm),
      waveforms: waveforms && compactWaveforms(waveforms),
    }),
    { level: 6 },
  );
  const pieces: string[] = [];
  const pieceBytes = 3 * 8192; // whole groups of three, so that pieces join
  for (let at = 0; at < bytes.length; at += pieceBytes)
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + pieceBytes))));
  return pieces;
}

/** Text between tags. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The script as text within its element: only what would end or hide that element is written otherwise. */
function inlined(script: string): string {
  return script.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}

async function hashOf(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return `'sha256-${btoa(String.fromCharCode(...digest))}'`;
}

/**
 * The page as a file. Its policy lets run this one script and lets nothing be fetched from anywhere. The script's styles
 * belong to it (`adoptedStyleSheets`), images are those it writes into an SVG.
 */
export async function interactivePage(contents: PageContents, script: string): Promise<Blob> {
  const code = inlined(script);
  const policy = `default-src 'none'; script-src ${await hashOf(code)}; img-src data: blob:; base-uri 'none'; form-action 'none'`;
  const { theme } = contents.look;
  const head = `<!doctype html>
<html lang="en" data-theme="${theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="color-scheme" content="dark light">
<meta name="generator" content="Driftscope ${escaped(contents.about.driftscope)}">
<title>${escaped(contents.about.name)} – Driftscope</title>
</head>
<body>
<noscript>This page draws its pictures itself, so it needs JavaScript.</noscript>
<script type="application/octet-stream" id="driftscope-data">`;
  const tail = `</script>\n<script>${code}</script>\n</body>\n</html>\n`;
  return new Blob([head, ...pageData(contents), tail], { type: "text/html" });
}
