import { npyBytes } from "../../src/io/write/npy.ts";
import type { BadInput } from "./badInput.ts";

const f8 = (values: number[], shape = [values.length]) => npyBytes(values, shape, "<f8");

function waypoints(positions: Uint8Array, times: Uint8Array): BadInput["files"] {
  return [
    { path: "manip.positions.npy", bytes: positions },
    { path: "manip.timestamps_p1.npy", bytes: times },
  ];
}

function simulated(growth: number[], info: object): BadInput["files"] {
  return [
    { path: "sim/motion_time_s.npy", bytes: f8([0, 1, 2]) },
    { path: "sim/motion_common_um.npy", bytes: f8([0, 5, 9]) },
    { path: "sim/motion_grad_um.npy", bytes: f8(growth) },
    { path: "sim/info.json", bytes: new TextEncoder().encode(JSON.stringify(info)) },
  ];
}

/** Files that state a motion known to be true, and do not hold together. */
export const badTruths: readonly BadInput[] = [
  {
    name: "an imposed motion without its times",
    files: waypoints(f8([0, 50, 0]), f8([1, 2, 3])).slice(0, 1),
    sentence:
      "Imposed motion in the loose files: expected manip.positions.npy and manip.timestamps_p1.npy side by side, found manip.positions.npy without manip.timestamps_p1.npy.",
  },
  {
    name: "an imposed motion of unequal lengths",
    files: waypoints(f8([0, 50, 0]), f8([1, 2])),
    sentence:
      "Expected the same number of waypoints in every file, found that manip.positions.npy has 3, manip.timestamps_p1.npy has 2.",
  },
  {
    name: "an imposed motion whose times go back",
    files: waypoints(f8([0, 50, 0]), f8([1, 3, 2])),
    sentence: "manip.timestamps_p1.npy: expected ascending bins, found 2 after 3 in row 2 (counting from 0).",
  },
  {
    name: "an imposed motion as a table",
    files: waypoints(f8([0, 50, 0, 50], [2, 2]), f8([1, 2, 3, 4])),
    sentence:
      "manip.positions.npy: expected one number per waypoint, shape (N,), (N, 1) or (1, N), found shape (2, 2).",
  },
  {
    name: "a simulated motion without its scale",
    files: simulated([0, 1, 2], { ymid_um: 500 }),
    sentence: 'sim/info.json: expected ymid_um and an L_um above 0, in µm, found {"ymid_um":500}.',
  },
  {
    name: "a simulated motion that turns depths round",
    files: simulated([0, -1000, 2], { ymid_um: 500, L_um: 1000 }),
    sentence:
      "sim/motion_grad_um.npy: expected a growth above −1000 µm, at which depths would change their order, found -1000 in row 1 (counting from 0).",
  },
];
