/** Probe descriptions as SpikeInterface/probeinterface writes them, made up here. */
import { npyBytes } from "../../src/io/write/npy.ts";

export interface ProbeJson {
  si_units?: string;
  ndim?: number;
  contact_positions?: unknown;
  shank_ids?: unknown;
  device_channel_indices?: unknown;
  annotations?: object;
}

/** A column of `n` contacts every 20 units, with changes. */
export const columnProbe = (n: number, changes: ProbeJson = {}): ProbeJson => ({
  ndim: 2,
  si_units: "um",
  annotations: { model_name: "made up" },
  contact_positions: Array.from({ length: n }, (_, i) => [8, 20 * i]),
  ...changes,
});

export const probeinterfaceBytes = (...probes: ProbeJson[]): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ specification: "probeinterface", version: "0.2.21", probes }));

export const channelLocationsBytes = (positions: [number, number][]): Uint8Array =>
  npyBytes(positions.flat(), [positions.length, 2], "<f8");
