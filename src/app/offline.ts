import { create } from "zustand";
import { messageOf } from "../core/errors.ts";
import { notify } from "./sessionStore.ts";

/** The program kept in this browser: it opens without a network, and a newer version waits until a person takes it. */
export interface OfflineState {
  /** a newer version is there in full and waits */
  updateReady: boolean;
}

export const useOffline = create<OfflineState>(() => ({ updateReady: false }));

const CHECK_EVERY_MS = 3_600_000;
/** Keeping the program must not slow its own start. */
const START_AFTER_MS = 2000;

let registration: ServiceWorkerRegistration | null = null;

function watch(found: ServiceWorkerRegistration): void {
  registration = found;
  const look = () => {
    // without a controller it is the first version, which waits for nobody
    if (found.waiting && navigator.serviceWorker.controller) useOffline.setState({ updateReady: true });
  };
  look();
  found.addEventListener("updatefound", () => found.installing?.addEventListener("statechange", look));
}

/** Keep the program, once the page has come to rest; returns the function that stops looking for newer ones. */
export function startOffline(): () => void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return () => undefined;
  const start = async () => {
    try {
      watch(await navigator.serviceWorker.register(`${import.meta.env.BASE_URL}offline.js`));
    } catch (error) {
      notify("warning", `The browser does not keep Driftscope for use without a network: ${messageOf(error)}.`);
    }
  };
  const first = setTimeout(() => void start(), START_AFTER_MS);
  // without a network there is nothing newer
  const timer = setInterval(() => void registration?.update().catch(() => undefined), CHECK_EVERY_MS);
  return () => {
    clearTimeout(first);
    clearInterval(timer);
  };
}

/** Take the newer version: the page is loaded again with it. */
export function takeUpdate(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  registration?.waiting?.postMessage("take over");
}

/** Not now: it is offered again when the page is opened the next time. */
export function putOffUpdate(): void {
  useOffline.setState({ updateReady: false });
}
