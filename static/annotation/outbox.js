// Gestures on their way to the server: kept in this tab until acknowledged, sent strictly in order.

import { csrfToken } from "../shared/page.js";

const { set, reader, gestures: address } = document.body.dataset;
const OWN = `outbox:${reader}:`;
const KEY = OWN + set;
const MAKING = new Set(["add_span", "add_spans", "relate", "comment"]);
const WAITS = [1, 2, 4, 8, 15, 30];

/** Oldest first: {gesture, verb, body, words}. `body.version` is what the reader saw, as far as known. */
let queue = readFrom(KEY) ?? [];
let busy = false;
let failures = 0;
let timer = 0;
let token = csrfToken();
let state = queue.length ? "saving" : "saved";

function readFrom(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

function writeTo(key, value) {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden store: the gestures live on in this page, and leaving it warns.
  }
}

const keep = () => writeTo(KEY, queue.length ? queue : null);

/** A box of this tab for what must outlive a reload, emptied with the rest when this person signs out. */
export function box(name) {
  const key = `${KEY}:${name}`;
  return { read: () => readFrom(key), write: (value) => writeTo(key, value) };
}

export const waiting = () => queue;
export const saving = () => state;

/** Queue one gesture and send it as soon as those before it are through. */
export function push(entry) {
  queue.push(entry);
  keep();
  if (!busy && state !== "signed-out") tell("saving");
  void send();
}

/** Forget everything of this person's that was not saved, on whatever article; for signing out. */
export function forget() {
  queue = [];
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(OWN)) sessionStorage.removeItem(key);
}

/** What is still being worked out before it can be queued, such as an answer that is being looked up. */
const coming = new Set();

/** Until this is through, not everything is saved. */
export function expectMore(work) {
  coming.add(work);
  tell(state === "saved" ? "saving" : state);
  void work.finally(() => {
    coming.delete(work);
    if (!busy && state === "saving") tell(rest());
  });
}

const rest = () => (queue.length ? "unsaved" : coming.size ? "saving" : "saved");

/** Resolves when everything is saved; false when that cannot be now. */
export async function drained() {
  await Promise.allSettled(coming);
  await send();
  while (busy) await new Promise((resolve) => document.addEventListener("desk:outbox", resolve, { once: true }));
  return queue.length === 0;
}

/** Send what waits, first to last, until something stands in the way. */
export async function send() {
  if (busy) return;
  clearTimeout(timer);
  busy = true;
  try {
    while (queue.length) {
      tell("saving");
      if (!(await sendFirst())) return;
    }
    failures = 0;
  } finally {
    busy = false;
    tell(queue.length && state !== "saving" ? state : rest());
  }
}

/** Whether to go on with the next. */
async function sendFirst() {
  const entry = queue[0];
  let answer;
  try {
    answer = await post(entry);
  } catch {
    return later("unsaved");
  }
  if (answer.status === 401) return signedOut();
  if (answer.status === 429 || answer.status >= 500) return later("unsaved");
  const html = await answer.text();
  queue.shift();
  if (answer.ok) acknowledge(entry, html);
  else takeAlong(entry);
  keep();
  document.dispatchEvent(new CustomEvent(answer.ok ? "desk:saved" : "desk:refused", { detail: { entry, html, code: answer.headers.get("X-Problem") } }));
  return true;
}

async function post(entry) {
  const answer = await request(entry);
  // Signing in again gives the session another token; the page takes it over and tries once more.
  if (answer.headers.get("X-Problem") !== "csrf_failed") return answer;
  return (await renewToken()) ? request(entry) : new Response(null, { status: 401 });
}

/** With the token that holds now: signing in again brings another. */
export const headers = () => ({ "HX-Request": "true", "X-CSRFToken": token });

function request({ gesture, verb, body }) {
  return fetch(address, {
    method: "POST",
    headers: headers(),
    body: new URLSearchParams({ gesture, verb, body: JSON.stringify(body), reader }),
    signal: AbortSignal.timeout(30_000),
  });
}

/** Other windows on the same reading hear of what was saved here. */
const others = new BroadcastChannel(KEY);
others.addEventListener("message", ({ data }) => document.dispatchEvent(new CustomEvent("desk:elsewhere", { detail: data })));

/** The page as the server draws it now, or null when this person is not signed in. */
export async function fetchPage() {
  const answer = await fetch(location.pathname, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (page.body.dataset.reader !== reader) return null;
  token = page.querySelector('meta[name="csrf-token"]').content;
  return page;
}

async function renewToken() {
  return (await fetchPage()) !== null;
}

/** Own gestures that wait behind this one were made on top of it: the version it wrote is the one they saw. */
function acknowledge(entry, html) {
  failures = 0;
  const page = new DOMParser().parseFromString(html, "text/html");
  const answer = page.getElementById("answer");
  others.postMessage({ version: Number(answer.dataset.version) });
  for (const one of queue) {
    const row = one.body.version === undefined ? null : page.querySelector(`#s-${one.body.id}, #r-${one.body.id}`);
    if (row) one.body.version = Number("repeated" in answer.dataset ? answer.dataset.seq : row.dataset.version);
  }
}

/** What was done to a thing that is refused is refused with it, under one heading. */
function takeAlong(entry) {
  const made = new Set(MAKING.has(entry.verb) ? [entry.body.id, ...(entry.body.places ?? []).map(({ id }) => id)] : []);
  const concerns = ({ body }) => ["id", "source", "target", "span", "thread"].some((name) => made.has(body[name]));
  const along = queue.filter((one) => concerns(one));
  queue = queue.filter((one) => !along.includes(one));
  entry.words = [entry.words, ...along.map(({ words }) => words)].join("; ");
}

function later(next) {
  failures += 1;
  timer = setTimeout(send, 1000 * WAITS[Math.min(failures, WAITS.length) - 1]);
  tell(next);
  return false;
}

function signedOut() {
  tell("signed-out");
  return false;
}

function tell(next) {
  state = next;
  document.dispatchEvent(new CustomEvent("desk:outbox", { detail: { state, count: queue.length } }));
}

addEventListener("online", send);
addEventListener("focus", () => state === "signed-out" && send());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && queue.length && send());
addEventListener("beforeunload", (event) => {
  if (queue.length || coming.size) event.preventDefault();
});
