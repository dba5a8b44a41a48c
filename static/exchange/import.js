// Dropping files: they are sent one at a time, so that the page can say how far it is.

import { csrfToken } from "../shared/page.js";

const form = document.getElementById("drop");
const input = document.getElementById("files");
const reading = document.getElementById("reading");

form.addEventListener("dragover", (event) => {
  event.preventDefault();
  form.classList.add("over");
});
form.addEventListener("dragleave", () => form.classList.remove("over"));
form.addEventListener("drop", (event) => {
  event.preventDefault();
  form.classList.remove("over");
  send([...event.dataTransfer.files]);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  send([...input.files]);
});

async function send(files) {
  if (!files.length) return;
  reading.hidden = false;
  let run = "";
  let address = "";
  for (const [index, file] of files.entries()) {
    show(index, files.length, file.name);
    const answer = await post(file, run);
    if (!answer) return;
    ({ run, address } = answer);
  }
  show(files.length, files.length, "");
  window.location.assign(address);
}

async function post(file, run) {
  const body = new FormData();
  body.append("files", file);
  if (run) body.append("run", run);
  try {
    const response = await fetch(form.action, { method: "POST", body, headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" } });
    if (response.ok) return await response.json();
    refuse(response.status === 401 ? "Your session has ended. Sign in again, then drop the files once more." : await words(response, file));
  } catch {
    refuse(`${file.name} could not be sent: the server cannot be reached. Nothing was written; try again.`);
  }
  return null;
}

async function words(response, file) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.body.textContent.trim() || `${file.name} was refused.`;
}

function show(done, count, name) {
  reading.querySelector("progress").max = count;
  reading.querySelector("progress").value = done;
  reading.querySelector("[role=status]").textContent = name ? `${done + 1} of ${count}: ${name}` : "";
}

function refuse(text) {
  reading.hidden = true;
  const box = document.getElementById("problem");
  box.className = "message error";
  box.textContent = text;
}
