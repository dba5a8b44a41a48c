// What the page says of itself: saved or not, how many gaps; and handing in.

import { announce } from "../shared/page.js";
import { caretAt } from "./caret.js";
import { report } from "./clock.js";
import { refresh } from "./gestures.js";
import { choose, describe, gapped, nextGap } from "./list.js";
import { drained, fetchPage, forget, saving, send, waiting } from "./outbox.js";
import { button, problem } from "./problems.js";

const line = document.getElementById("saving");
const gaps = document.getElementById("gaps");
const form = document.getElementById("submit");
const PATIENCE = 300;
/** How long a passing word stands, in milliseconds. */
const READABLE = 2500;

let timer = 0;

document.addEventListener("desk:outbox", ({ detail: { state, count } }) => {
  clearTimeout(timer);
  if (!line) return;
  line.dataset.state = state;
  line.dataset.waiting = count;
  // What takes no longer than a blink is not worth a word.
  if (state === "saving") timer = setTimeout(() => say("Saving …"), PATIENCE);
  else if (state === "saved") say("Saved");
  else if (state === "unsaved") say(`Not saved yet (${count})`, button("Try again", send));
  else say(`Not saved (${count}): you are signed out`, signInLink(), button("Try again", send));
});

function say(words, ...parts) {
  if (line.textContent !== words || parts.length) line.replaceChildren(words, ...parts.flatMap((part) => [" ", part]));
}

document.addEventListener("desk:refused", ({ detail: { code, html } }) => {
  if (code === "nothing_to_undo") passing(new DOMParser().parseFromString(html, "text/html").body.textContent.trim());
});

/** Words that are true for a moment only: nothing was lost, and nothing has to be done. */
function passing(words) {
  announce(words);
  setTimeout(() => {
    say(words); // after “Saved”, which the queue is about to say
    timer = setTimeout(() => say("Saved"), READABLE);
  });
}

/** In a window of its own: this page, and what is not saved on it, stay. */
function signInLink() {
  const link = document.createElement("a");
  link.href = `${document.body.dataset.signIn}?next=${encodeURIComponent(location.pathname)}`;
  link.target = "_blank";
  link.rel = "opener";
  link.textContent = "Sign in";
  return link;
}

document.addEventListener("desk:counted", ({ detail: { errors, warnings } }) => {
  if (!gaps) return;
  gaps.hidden = errors + warnings === 0;
  const counted = (number, one) => `${number} ${one}${number === 1 ? "" : "s"}`;
  gaps.textContent = [errors && counted(errors, "gap"), warnings && counted(warnings, "warning")].filter(Boolean).join(" · ");
});

// Handing in.

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  void handIn();
});

export async function handIn() {
  if (!(await drained())) return announce("Not everything is saved yet. Your work is kept; try again when it is.");
  const open = gapped();
  if (open.length) {
    choose(null, { say: false });
    const first = nextGap(-1);
    return announce(`${open.length === 1 ? "One span has" : `${open.length} spans have`} gaps. The first: ${describe(first)}. ${first.lacks}`);
  }
  if (!(await isSeen())) return;
  await report();
  form.elements.version.value = document.body.dataset.version;
  form.submit();
}

/** Whether the page shows what stands; else it is brought up to date, to be looked at once more. The server asks too. */
async function isSeen() {
  const page = await fetchPage().catch(() => null);
  if (page?.body.dataset.version === document.body.dataset.version) return true;
  if (!page) announce("The server cannot be reached now. Your work is saved; submit again in a moment.");
  else await refresh();
  if (page?.body.dataset.codebook === document.body.dataset.codebook) {
    const words = document.createElement("p");
    words.textContent = "This reading was changed in another window. Look at it once more, then submit it.";
    announce(problem([words]).textContent);
  }
  return false;
}

export const nextOpen = () => nextGap(caretAt());

// Signing out takes what was not saved with it, so it asks first.
document.querySelector(`form[action$="/sign-out/"]`)?.addEventListener("submit", (event) => {
  if (waiting().length && !window.confirm("Some of your work is not saved yet. Sign out and lose it?")) event.preventDefault();
  else forget();
});

if (saving() !== "saved") void send();
