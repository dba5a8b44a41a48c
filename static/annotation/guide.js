// Guidelines, searchable, beside the text where there is room; and the list of keys.

const guide = document.getElementById("guide");
const keys = document.getElementById("keys");
const find = document.getElementById("guide-find");
const status = document.getElementById("guide-count");
const all = document.getElementById("guide-all");
const body = guide.querySelector(".guide-body");
const rules = [...guide.querySelectorAll(".rule")];
const details = [...guide.querySelectorAll("[data-about]:not(.rule)")];
const roomy = matchMedia("(min-width: 901px)");

/** What the guidelines are open about: {rules, about, name}; null when they are open as a whole. */
let topic = null;
/** What had the focus when they were last called for. */
let caller = null;

export function openKeys() {
  keys.showModal();
}

/** Open the guidelines: as a whole, or at what concerns a label, question or relation.

    `rules`: numbers parted by spaces; `about`: the mark of a passage, such as "STANCE polarity"; `name`: what to call it. */
export function openGuide({ rules: numbers = "", about = "", name = "" } = {}) {
  topic = numbers || about ? { rules: new Set(numbers.split(" ").filter(Boolean)), about, name } : null;
  if (!guide.contains(document.activeElement)) caller = document.activeElement;
  find.value = "";
  filter();
  body.scrollTop = 0;
  if (!guide.open) open();
  (topic ? body : find).focus({ preventScroll: true });
}

/** With room for both, text and questions stay at hand while the guidelines are read. */
function open() {
  if (guide.closest(".side") && roomy.matches) guide.show();
  else guide.showModal();
}

export function toggleGuide() {
  if (guide.open) close();
  else openGuide();
}

/** Who was reading them goes back to where they were called from; who was at work stays there. */
function close() {
  const active = document.activeElement;
  guide.close();
  (guide.contains(active) ? caller : active)?.focus({ preventScroll: true });
}

function filter() {
  const wanted = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  const cited = topic && !wanted.length;
  for (const rule of rules) {
    rule.hidden = cited ? !concerns(rule.dataset) : !says(rule, wanted);
    rule.classList.toggle("cited", Boolean(cited) && !rule.hidden);
  }
  // Of a label that is named for one of its questions, the others are not to the point.
  for (const one of details) one.hidden = Boolean(cited) && topic.about.includes(" ") && one.dataset.about !== topic.about;
  for (const part of guide.querySelectorAll("section, .lead")) part.hidden = !isLeft(part, cited || wanted.length);
  const left = rules.filter((rule) => !rule.hidden).length;
  const words = cited ? `On ${topic.name || "this"}` : wanted.length ? `${left} of ${rules.length} match` : "";
  if (status.textContent !== words) status.textContent = words;
  all.hidden = !cited;
}

function concerns({ rule = "", cites = "", about = "" }) {
  if (about) return topic.about === about || topic.about.startsWith(`${about} `);
  return [rule, ...cites.split(" ")].some((number) => topic.rules.has(number));
}

const says = (rule, wanted) => wanted.every((word) => rule.textContent.toLowerCase().includes(word));

const isLeft = (part, some) => (part.matches(".lead") ? !some : Boolean(part.querySelector(".rule:not([hidden])")));

find.addEventListener("input", filter);
all.addEventListener("click", () => openGuide());
guide.addEventListener("keydown", (event) => {
  const isOver = event.key === "Escape" ? !guide.matches(":modal") : event.key === "h" && event.target === body;
  if (!isOver) return;
  event.preventDefault();
  event.stopPropagation();
  close();
});
guide.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  close();
});
