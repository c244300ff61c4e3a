import type { BadInput } from "./badInput.ts";

/** A safetensors file of a header and as many bytes of numbers as it wants. */
function safetensors(header: object, nBytes: number): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const out = new Uint8Array(8 + text.length + nBytes);
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true);
  out.set(text, 8);
  return out;
}

const float32 = (shape: number[], nBytes: number) => ({ dtype: "F32", shape, data_offsets: [0, nBytes] });

/** Files of trained networks that cannot be used. */
export const badModels: readonly BadInput[] = [
  {
    name: "a PyTorch archive",
    files: [{ path: "run/best_model.pt", bytes: Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0) }],
    sentence:
      'run/best_model.pt is a PyTorch archive, which can run code when it is read; save its weights as safetensors: safetensors.torch.save_file(torch.load("best_model.pt")["model_state_dict"], "model.safetensors").',
  },
  {
    name: "the weights of another network",
    files: [{ path: "other.safetensors", bytes: safetensors({ "conv.weight": float32([2], 8) }, 8) }],
    sentence:
      "other.safetensors: expected the weights of a Spike Localization Network (features.0.weight of the CNN or token_proj.weight of the transformer), found conv.weight.",
  },
  {
    name: "a network of other shapes",
    files: [{ path: "wide.safetensors", bytes: safetensors({ "features.0.weight": float32([1, 4, 5], 80) }, 80) }],
    sentence:
      "wide.safetensors: expected tensor features.0.weight of shape [32, 10, 5] as the cnn has it, found shape [1, 4, 5].",
  },
  {
    name: "a safetensors file cut short",
    files: [{ path: "cut.safetensors", bytes: safetensors({ "features.0.weight": float32([32, 10, 5], 6400) }, 100) }],
    sentence:
      "cut.safetensors: expected a safetensors file, but tensor features.0.weight of shape [32, 10, 5] does not fit the bytes it is given.",
  },
];
