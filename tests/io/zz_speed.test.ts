import { nodeSources } from "../../src/cli/nodeFiles.ts";
import { openSources } from "../../src/io/open.ts";
import { inspectJson } from "../../src/io/inspect.ts";
for (let k = 0; k < 3; k++) { const t = performance.now();
const o = await openSources(await nodeSources([process.env.P!]));
console.log((performance.now() - t).toFixed(0), "ms"); if (k===2) console.log(JSON.stringify(inspectJson(o))); }
