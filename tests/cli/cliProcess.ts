import { spawn } from "node:child_process";

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Run the command line of a checkout as a user does. `onLine` sees stderr line by line and may end the process. */
export function cli(
  args: string[],
  onLine?: (line: string, interrupt: () => void) => void,
  checkout = ".",
): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["src/cli/launch.mjs", ...args], { cwd: checkout });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
      for (const line of String(chunk).split("\n")) onLine?.(line, () => child.kill("SIGINT"));
    });
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
