// Boxes over the page that stand until they are understood.

const problems = document.getElementById("problems");

/** A box over the page that stands until it is understood. */
export function problem(parts, understood = () => {}) {
  const made = document.createElement("div");
  made.className = "problem";
  const close = button("Understood", () => {
    made.remove();
    problems.hidden = problems.children.length === 0;
    understood();
  });
  made.append(...parts, close);
  problems.append(made);
  problems.hidden = false;
  return made;
}

export function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "plain";
  made.textContent = words;
  made.addEventListener("click", () => act());
  return made;
}
