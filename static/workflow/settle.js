// The adjudication desk: keys press the buttons that show them, and a decision redraws the case in place.

import { announce, csrfToken } from "../shared/page.js";
import { codePointLength, selectedStretch, textBetween } from "../annotation/offsets.js";

const EDGES = { q: ["start", -1], w: ["start", 1], o: ["end", -1], p: ["end", 1] };

document.addEventListener("DOMContentLoaded", drawn);
document.addEventListener("submit", (event) => {
  if (!event.target.closest("#case") || event.target.matches("[data-plain]") || event.defaultPrevented) return;
  event.preventDefault();
  send(event.target, event.submitter);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest('#case a[href^="?at="]');
  if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
    event.preventDefault();
    show(link.href);
  }
  if (event.target.closest('[data-key="e"]')) toggleEdit();
  const mover = event.target.closest("[data-edge]");
  if (mover) moveEdge(mover.dataset.edge, Number(mover.dataset.step));
});
document.addEventListener("change", (event) => {
  if (event.target.id === "edit-label") showQuestions();
});
document.addEventListener("mouseup", takeSelection);
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.metaKey) return;
  const typing = event.target.matches("input, textarea, select");
  if (event.key === "Escape" && typing) return event.target.blur();
  const name = event.ctrlKey ? `Ctrl+${event.key}` : event.key;
  if (typing && name !== "Ctrl+Enter") return;
  if (press(name)) event.preventDefault();
});

function press(name) {
  const editing = !document.getElementById("edit")?.hidden;
  if (editing && EDGES[name]) return moveEdge(...EDGES[name]) ?? true;
  const field = { r: "rule", m: "note" }[name];
  if (field) return document.getElementById(field)?.focus() ?? true;
  const wanted = name === "U" ? "U" : name.length === 1 ? name.toLowerCase() : name;
  const button = document.querySelector(`#case [data-key="${CSS.escape(wanted)}"]`);
  if (!button || button.disabled) return false;
  button.click();
  return true;
}

/** Post a form of the case; the answer is the desk as it is now. */
async function send(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  await swap(fetch(form.action, { method: "POST", body, headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" } }));
}

async function show(address) {
  await swap(fetch(address, { headers: { "HX-Request": "true" } }));
}

async function swap(answer) {
  let response;
  try {
    response = await answer;
  } catch {
    return refuse("The server cannot be reached. Nothing was lost; try again.");
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (response.status === 401) return refuse("Your session has ended. Sign in again in another tab, then repeat the decision.");
  if (!response.ok) return refuse(page.body.textContent.trim());
  const scrolled = document.querySelector(".settle-list").scrollTop;
  document.getElementById("case").replaceWith(document.importNode(page.getElementById("case"), true));
  document.querySelector(".settle-list").scrollTop = scrolled;
  history.replaceState(null, "", response.url);
  drawn();
  announce(document.querySelector(".heading").textContent.trim());
}

function refuse(words) {
  const box = document.getElementById("problem");
  box.textContent = words;
  box.className = "message error";
}

/** Tell open places from settled ones on the text, and bring the current one into view. */
function drawn() {
  const desk = document.getElementById("case");
  for (const mark of desk.querySelectorAll("mark[data-spans]")) {
    const ids = mark.dataset.spans.split(" ");
    const open = ids.some((id) => id.startsWith("open-"));
    mark.classList.add(open ? "open" : "settled");
    if (ids.includes(desk.dataset.mark)) mark.classList.add("at");
  }
  desk.querySelector("mark.at")?.scrollIntoView({ block: "center" });
  desk.querySelector(".difference[aria-current]")?.scrollIntoView({ block: "nearest" });
  showQuestions();
  showWords();
}

// Editing

function toggleEdit() {
  const box = document.getElementById("edit");
  const opener = document.querySelector('[data-key="e"]');
  box.hidden = !box.hidden;
  opener.setAttribute("aria-expanded", String(!box.hidden));
  if (!box.hidden) box.querySelector("select, input:not([type=hidden])").focus({ preventScroll: true });
}

/** Show only the questions that the chosen label asks; the others are not sent. */
function showQuestions() {
  const label = document.getElementById("edit-label")?.value;
  for (const field of document.querySelectorAll("#edit [data-labels]")) {
    field.hidden = !field.dataset.labels.split(" ").includes(label);
    for (const input of field.querySelectorAll("input, select")) input.disabled = field.hidden;
  }
}

function fields() {
  const form = document.getElementById("decision");
  return form?.elements.start ? form.elements : null;
}

function place(start, end) {
  const form = fields();
  form.start.value = start;
  form.end.value = end;
  showWords();
}

function showWords() {
  const form = fields();
  if (!form) return;
  const words = textBetween(article(), Number(form.start.value), Number(form.end.value));
  form.quote.value = words;
  document.getElementById("edited-words").textContent = words;
}

/** Move one edge to the next edge of a word. */
function moveEdge(edge, step) {
  const form = fields();
  const edges = wordEdges();
  const now = Number(form[edge].value);
  const candidates = edges[edge].filter((place) => (step < 0 ? place < now : place > now));
  const next = step < 0 ? candidates.at(-1) : candidates[0];
  const start = edge === "start" ? next : Number(form.start.value);
  const end = edge === "end" ? next : Number(form.end.value);
  if (next !== undefined && start < end) place(start, end);
}

/** Starts and ends of the words of the text, in code points. */
function wordEdges() {
  const text = article().textContent;
  const edges = { start: [], end: [] };
  let place = 0;
  for (const part of new Intl.Segmenter(undefined, { granularity: "word" }).segment(text)) {
    const length = codePointLength(part.segment);
    if (part.isWordLike) {
      edges.start.push(place);
      edges.end.push(place + length);
    }
    place += length;
  }
  return edges;
}

function takeSelection() {
  const box = document.getElementById("edit");
  if (!box || box.hidden || !fields()) return;
  const stretch = selectedStretch(article());
  if (stretch) place(stretch.start, stretch.end);
}

function article() {
  return document.querySelector("#case .text");
}
