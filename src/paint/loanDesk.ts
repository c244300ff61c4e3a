import { assert } from "../core/errors.ts";
import type { ActivityImage } from "../protocol/methods.ts";
import type { LoanMessage } from "../protocol/workers.ts";

/** Grid of the lent activity image. */
const nDepth = 100;
const nAmp = 100;

export interface LoanDesk {
  connect(port: MessagePort): void;
  /** Lend a buffer when somebody looks and none is out. */
  offer(): void;
}

/**
 * Paint's end of the image loans: one buffer, in one place at a time. `isWanted` says whether somebody looks; `onFilled`
 * gets a copy of what compute filled in.
 */
export function loanDesk(isWanted: () => boolean, onFilled: (activity: ActivityImage) => void): LoanDesk {
  let port: MessagePort | null = null;
  let isOut = false;
  let spare: ArrayBuffer | null = null;
  return {
    connect: (next) => {
      port?.close();
      port = next;
      isOut = false; // whatever a dead worker held is gone with it
      next.onmessage = ({ data }: MessageEvent<LoanMessage>) => {
        assert(data.kind === "filled", "compute returns what it was lent");
        isOut = false;
        const { probability } = data.content;
        // a copy of 40 kB, so that the buffer can go out again while its content stays on screen
        onFilled({ ...data.content, probability: probability.slice() });
        spare = probability.buffer instanceof ArrayBuffer ? probability.buffer : null;
      };
    },
    offer: () => {
      if (!port || isOut || !isWanted()) return;
      const bytes = nDepth * nAmp * Float32Array.BYTES_PER_ELEMENT;
      const buffer = spare?.byteLength === bytes ? spare : new ArrayBuffer(bytes);
      spare = null;
      isOut = true;
      const loan: LoanMessage = { kind: "lend", image: "activity", buffer, nDepth, nAmp };
      port.postMessage(loan, [buffer]);
    },
  };
}
