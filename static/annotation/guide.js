// The two dialogs that explain: guidelines, searchable, and the list of keys.

const guide = document.getElementById("guide");
const keys = document.getElementById("keys");
const find = document.getElementById("guide-find");
const rules = [...guide.querySelectorAll(".rule")];

export function openKeys() {
  keys.showModal();
}

/** Open the guidelines; with rule numbers, at those rules. */
export function openGuide(numbers = "") {
  const wanted = new Set(numbers.split(" ").filter(Boolean));
  find.value = "";
  filter();
  const isCited = ({ rule = "", cites = "" }) => [rule, ...cites.split(" ")].some((number) => wanted.has(number));
  for (const rule of rules) rule.classList.toggle("cited", isCited(rule.dataset));
  guide.showModal();
  const first = guide.querySelector(".rule.cited");
  if (first) first.scrollIntoView({ block: "center" });
  else find.focus();
}

function filter() {
  const wanted = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const rule of rules) {
    const said = rule.textContent.toLowerCase();
    rule.hidden = !wanted.every((word) => said.includes(word));
  }
  for (const section of guide.querySelectorAll("section")) section.hidden = !section.querySelector(".rule:not([hidden])");
  const left = rules.filter((rule) => !rule.hidden).length;
  document.getElementById("guide-count").textContent = wanted.length ? `${left} of ${rules.length} match` : "";
}

find.addEventListener("input", filter);
