// The manager moved the project to another version of its codebook: labels, questions and keys of this page are old ones.

import { announce } from "../shared/page.js";
import { caretAt, select } from "./caret.js";
import { box, drained, saving, waiting } from "./outbox.js";
import { button, problem } from "./problems.js";

/** Where the reader was when the page was loaded anew. */
const returning = box("returning");

/** The version that the project works with now, once another than this page's. */
let newer = null;
let loading = false;

document.addEventListener("desk:outdated", ({ detail: { number } }) => {
  newer = number;
  renew();
});

document.addEventListener("desk:outbox", ({ detail: { state } }) => newer && state === "saved" && renew());

/** Load the page anew, with the new labels; but not while something is unsaved or half written. */
function renew() {
  if (loading || waiting().length || saving() !== "saved") return; // asked again when all is saved
  if (isWriting()) ask();
  else void load();
}

function isWriting() {
  const inField = document.activeElement?.matches("input, textarea") || document.querySelector("dialog:modal");
  return inField || Boolean(document.getElementById("comment-text")?.value.trim());
}

async function load() {
  loading = true;
  document.activeElement?.blur(); // what stands in a field counts once it is left
  await drained();
  returning.write({ from: document.body.dataset.codebook, at: caretAt() });
  location.reload();
}

function ask() {
  if (document.getElementById("renew")) return;
  const words = document.createElement("p");
  words.textContent = `The project moved to version ${newer} of its codebook. Your work is kept. Finish what you are writing, then load the new labels.`;
  const now = button("Load them now", load);
  now.id = "renew";
  announce(problem([words, now]).textContent);
}

/** Back on a page that was loaded anew: at the same place, and told why. */
function greet() {
  const before = returning.read();
  returning.write(null);
  if (!before || before.from === document.body.dataset.codebook) return;
  select(before.at, before.at, { say: false });
  const words = document.createElement("p");
  words.textContent = `The project moved to version ${document.body.dataset.codebook} of its codebook while you were at work. What you had saved came along; what is new stands above the text.`;
  announce(problem([words]).textContent);
}

greet();
