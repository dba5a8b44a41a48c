// Time on task: seconds in which the reader does something here, told to the server once a minute and on leaving.

import { headers } from "./outbox.js";

const { set, reader, time: address } = document.body.dataset;
/** After the last key, click or scroll the reader is taken to read on for so long. In milliseconds, as all here. */
const READS_ON = 60_000;
const EVERY = 60_000;
const shown = document.getElementById("time");

/** Counted up to here; active until then. */
let counted = Date.now();
let activeUntil = 0;
let unsent = 0;
let busy = false;

function count() {
  const now = Date.now();
  unsent += Math.max(0, Math.min(now, activeUntil) - counted);
  counted = now;
}

/** Where the reader is active in one window, they are not in the others: a minute counts once. */
const others = new BroadcastChannel(`time:${reader}:${set}`);
others.addEventListener("message", rest);

function act() {
  if (document.visibilityState !== "visible") return;
  count();
  if (activeUntil < counted) others.postMessage("active");
  activeUntil = counted + READS_ON;
}

function rest() {
  count();
  activeUntil = 0;
  void report();
}

/** Tell what is not told yet. What does not arrive is told the next time. */
export async function report() {
  count();
  const seconds = Math.floor(unsent / 1000);
  if (!address || busy || seconds < 1) return;
  busy = true;
  const body = new URLSearchParams({ seconds, reader });
  const answer = await fetch(address, { method: "POST", keepalive: true, headers: headers(), body }).catch(() => null);
  busy = false;
  if (!answer?.ok) return;
  unsent -= seconds * 1000;
  shown.textContent = await answer.text();
}

if (address) {
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "scroll", "input"]) {
    addEventListener(kind, act, { capture: true, passive: true });
  }
  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? act() : rest()));
  addEventListener("pagehide", rest);
  setInterval(report, EVERY);
  act();
}
