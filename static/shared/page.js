// What every page needs: the CSRF token on requests that htmx makes, forms that ask before they act, and the focus
// where something is wrong.

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
});

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// Whoever sent a form that does not do begins where it does not.
document.querySelector("main [aria-invalid=true]:not([type=hidden])")?.focus();

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]').content;
}

/** Say something to people who listen to the page rather than look at it. */
export function announce(words) {
  document.getElementById("announcer").textContent = words;
}
