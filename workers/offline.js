/**
 * The service worker: the page and everything it computes with, kept in this browser, so that it opens without a network. Built
 * by src/cli/offlineFiles.ts, which fills in the two constants. It keeps the program alone, never anything a person opened.
 */

/** Every file of this version, relative to the page. */
const FILES = __OFFLINE_FILES__;
/** Another content of any file is another version. */
const VERSION = "__OFFLINE_VERSION__";

const PREFIX = "driftscope-program-";
const scope = self.registration.scope;
const urls = new Set(FILES.map((path) => new URL(path, scope).href));
const page = new URL("index.html", scope).href;

/** Shared memory, hence threads in CPU mode, needs these on the page and on its workers, whatever server it came from. */
const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** Names of built files say their content: one that an earlier version has kept is the same file. */
async function fetchOnce(url) {
  const known = url.includes("/assets/") ? await caches.match(url) : undefined;
  if (known) return known;
  const response = await fetch(url, { cache: "no-cache" });
  if (!response.ok) throw new Error(`${url} answered with status ${response.status}`);
  return response;
}

async function keepAll() {
  const cache = await caches.open(PREFIX + VERSION);
  for (const url of urls) await cache.put(url, await fetchOnce(url));
}

async function forgetOthers() {
  for (const name of await caches.keys())
    if (name.startsWith(PREFIX) && name !== PREFIX + VERSION) await caches.delete(name);
}

async function answer(request, url) {
  const cache = await caches.open(PREFIX + VERSION);
  const kept = await cache.match(url);
  if (!kept) return fetch(request); // the browser has taken the room back
  const headers = new Headers(kept.headers);
  for (const [name, value] of Object.entries(ISOLATION)) headers.set(name, value);
  return new Response(kept.body, { status: kept.status, statusText: kept.statusText, headers });
}

self.addEventListener("install", (event) => event.waitUntil(keepAll()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOthers()));

// a new version waits until a person asks for it
self.addEventListener("message", (event) => {
  if (event.data === "take over") void self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { href, origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  const plain = new URL(pathname, origin).href;
  const isPage = request.mode === "navigate" && (plain === scope || plain === page);
  if (isPage) event.respondWith(answer(request, page));
  else if (urls.has(href)) event.respondWith(answer(request, href));
});
