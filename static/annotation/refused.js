// What was refused stays on the page, also after a reload, until the reader has read it.

import { announce } from "../shared/page.js";
import { select } from "./caret.js";
import { refresh } from "./gestures.js";
import { box } from "./outbox.js";
import { button, problem } from "./problems.js";

const unread = box("refused");

/** Oldest first: {entry, html}. */
let refused = unread.read() ?? [];

document.addEventListener("desk:refused", async ({ detail: { entry, html, code } }) => {
  if (code === "nothing_to_undo") return;
  refused.push({ entry, html });
  unread.write(refused);
  announce(show(refused.at(-1)).textContent);
  await refresh();
});

function show(one) {
  const { entry, html } = one;
  const said = new DOMParser().parseFromString(html, "text/html").body;
  const what = document.createElement("p");
  what.textContent = `Not saved: ${entry.words}`;
  const [place] = entry.body.places ?? [entry.body];
  const there = place.start === undefined ? [] : [button("Select these words", () => select(place.start, place.end))];
  return problem([what, ...[...said.children].map((node) => document.adoptNode(node)), ...there], () => {
    refused = refused.filter((other) => other !== one);
    unread.write(refused.length ? refused : null);
  });
}

for (const one of refused) show(one);
