import type { ActivityImage } from "../protocol/methods.ts";
import type { LoanMessage } from "../protocol/workers.ts";

/** Compute's side of the image loan: a buffer that paint lends is filled with the next picture and goes back. */
export class ImageLoan {
  #paint: MessagePort | null = null;
  #loan: Extract<LoanMessage, { kind: "lend" }> | null = null;

  /** Paint talks through this port from now on; what it lent before is void. */
  connect(port: MessagePort): void {
    this.#paint?.close();
    this.#paint = port;
    this.#loan = null;
    port.onmessage = (event: MessageEvent<LoanMessage>) => {
      if (event.data.kind === "lend") this.#loan = event.data;
    };
  }

  /** somebody looks */
  get isOpen(): boolean {
    return this.#loan !== null;
  }

  /** Fill the lent buffer and hand it back; without a loan, or with one of another size, nobody gets a copy. */
  deliver(content: ActivityImage): void {
    if (!this.#loan || !this.#paint) return;
    const { buffer } = this.#loan;
    this.#loan = null;
    const fits = buffer.byteLength === content.probability.byteLength;
    const probability = fits ? new Float32Array(buffer) : new Float32Array(content.probability.length);
    probability.set(content.probability);
    const message: LoanMessage = { kind: "filled", image: "activity", content: { ...content, probability } };
    this.#paint.postMessage(message, [probability.buffer as ArrayBuffer]);
  }
}
