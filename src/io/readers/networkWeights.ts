import type { OpenedDataset } from "../../protocol/datasets.ts";
import { type ByteSource, baseName } from "../byteSource.ts";
import { type Drop, folderInWords } from "../drop.ts";
import { readNetworkWeights } from "../networkWeights.ts";
import type { Claim, Reader } from "./reader.ts";

/**
 * A trained network: a safetensors file under PyTorch's names, ours or saved from the reference's state_dict, with the
 * description that our run directory keeps beside it.
 */
export const networkWeights: Reader = {
  id: "network-weights",
  title: "Spike Localization Network",
  about: {
    knownBy: "a .safetensors with tensors under PyTorch's names of the CNN or the transformer",
    reads: "weights, and the description of the run directory beside them",
    leaves: "PyTorch archives (.pt, .pth), which can run code",
  },
  async find(drop) {
    const claims: Claim[] = [];
    for (const folder of drop.values()) {
      for (const [name, source] of folder.files) {
        if (!/\.safetensors$/i.test(name)) continue;
        const about = folder.files.get(name.replace(/safetensors$/i, "json"));
        const files = [source, ...(about ? [about] : [])];
        claims.push({
          title: networkWeights.title,
          kind: "model",
          place: folderInWords(folder.path),
          files,
          open: () => openNetwork(source, files),
        });
      }
    }
    return claims;
  },
  async leftOver(rest) {
    return archivesIn(rest).map(
      ({ path }) =>
        `${path} is a PyTorch archive, which can run code when it is read; save its weights as safetensors: safetensors.torch.save_file(torch.load("${baseName(path)}")["model_state_dict"], "model.safetensors").`,
    );
  },
};

function archivesIn(rest: Drop): ByteSource[] {
  return [...rest.values()].flatMap(({ files }) => [...files.values()]).filter(({ path }) => /\.(pt|pth)$/i.test(path));
}

async function openNetwork(source: ByteSource, files: readonly ByteSource[]): Promise<OpenedDataset> {
  const warnings: string[] = [];
  const model = await readNetworkWeights(source, warnings);
  const { spec, waveformScale, about } = model;
  return {
    kind: "model",
    model,
    info: {
      format: networkWeights.id,
      title: networkWeights.title,
      kind: "model",
      warnings,
      files: files.map(({ path, size }) => ({ path, bytes: size })),
      durationSec: 0,
      network: { kind: spec.kind, nOut: spec.nOut, waveformScale, about },
    },
  };
}
