// Boxes that ask by themselves whether they still show what there is, and are renewed in place. What did not change is
// not touched, so focus, scrolling, what was opened and what was chosen stay as they are.

import { announce } from "./page.js";

const BOX = "[data-renew]";
const KEPT = "[data-keep]"; // filled by the page itself; renewed from where it was filled from
const GONE = [401, 403, 404];

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.matches(BOX) && document.hidden) event.preventDefault();
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) document.querySelectorAll(BOX).forEach((box) => htmx.trigger(box, "look"));
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const box = event.detail.requestConfig.elt;
  if (!box.matches(BOX)) return;
  event.detail.shouldSwap = false;
  if (event.detail.xhr.status === 200) renew(box, event.detail.serverResponse);
  if (event.detail.xhr.status < 300) tell(box, "Up to date");
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (!event.detail.target.matches(KEPT)) return;
  event.detail.target.dataset.shown = event.detail.pathInfo.finalRequestPath;
  announce(event.detail.target.querySelector("[data-spoken]")?.textContent ?? "");
});

document.addEventListener("htmx:sendError", (event) => {
  if (event.detail.elt.matches(BOX)) tell(event.detail.elt, "The server cannot be reached; trying again", "warn");
});

document.addEventListener("htmx:responseError", (event) => {
  const box = event.detail.elt;
  if (!box.matches(BOX) || !GONE.includes(event.detail.xhr.status)) return;
  tell(box, "No longer up to date: load the page again", "warn");
  box.removeAttribute("hx-get");
  htmx.process(box);
});

function renew(box, html) {
  const before = said(box);
  const now = parsed(html).firstElementChild;
  turn(box, now);
  htmx.process(box);
  box.querySelectorAll(`${KEPT}[data-shown]`).forEach(again);
  if (said(box) !== before) announce(said(box));
}

async function again(kept) {
  const headers = { "HX-Request": "true", "X-By-Itself": "1" };
  const answer = await fetch(kept.dataset.shown, { headers });
  if (answer.status !== 200) return;
  turnChildren(kept, parsed(await answer.text()));
  htmx.process(kept);
}

/** One dot and a few words on how fresh the box is. */
function tell(box, words, kind = "good") {
  const place = box.querySelector("[data-freshness]");
  if (!place || place.textContent === words) return;
  place.className = `freshness ${kind}`;
  place.textContent = words;
}

/** The one sentence that is read out when it has changed. */
function said(box) {
  return box.querySelector("[data-said]")?.textContent ?? "";
}

/** What the server drew, as nodes of a page of its own: nothing in it runs. */
function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html").body;
}

/** Make a node what another is, with as few changes as possible. */
function turn(old, now) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== now.nodeValue) old.nodeValue = now.nodeValue;
    return;
  }
  if (old.matches(KEPT) || old.matches("[data-freshness]") || old.isEqualNode(now)) return;
  for (const { name, value } of now.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) if (name !== "open" && !now.hasAttribute(name)) old.removeAttribute(name);
  turnChildren(old, now);
}

function turnChildren(old, now) {
  const named = new Map([...old.children].filter(nameOf).map((child) => [nameOf(child), child]));
  let at = old.firstChild;
  for (const wanted of [...now.childNodes]) {
    const found = nameOf(wanted) ? named.get(nameOf(wanted)) : nextLike(wanted, at);
    while (found && !nameOf(wanted) && at !== found) at = without(at);
    if (found && found === at) at = at.nextSibling;
    else old.insertBefore(found ?? wanted, at);
    if (found) turn(found, wanted);
  }
  while (at) at = without(at);
}

/** The first of a node and its next siblings that can be turned into another; of words only the node itself. */
function nextLike(wanted, node) {
  for (let at = node; at; at = at.nextSibling) {
    if (at.nodeName === wanted.nodeName && !nameOf(at)) return at;
    if (wanted.nodeType !== Node.ELEMENT_NODE) return null;
  }
  return null;
}

/** Take a node away. Returns the one after it. */
function without(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

/** What a child is known by among its siblings, wherever it stands. */
function nameOf(node) {
  return node.id || node.dataset?.key || (node.nodeName === "OPTION" ? `option ${node.value}` : "");
}
