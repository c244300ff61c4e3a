// Files and folders dropped on the page by the events that the browser itself sends for a real drag.

/** In the middle of the page. */
const MIDDLE = [700, 450];

export async function startDrag(page, paths) {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  return {
    async send(type, [x, y] = MIDDLE) {
      await session.send("Input.dispatchDragEvent", { type, x, y, data });
    },
    end: () => session.detach(),
  };
}

export async function dropPaths(page, paths) {
  const drag = await startDrag(page, paths);
  for (const type of ["dragEnter", "dragOver", "drop"]) await drag.send(type);
  await drag.end();
}
