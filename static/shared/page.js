// What every page needs: the CSRF token on requests that htmx makes, and forms that ask before they act.

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
});

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]').content;
}

/** Say something to people who listen to the page rather than look at it. */
export function announce(words) {
  document.getElementById("announcer").textContent = words;
}
