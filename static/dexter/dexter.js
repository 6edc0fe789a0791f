// Small comforts; every page works without them.
"use strict";

// A form is sent once: a second press while it is on its way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sending) { event.preventDefault(); return; }
  form.dataset.sending = "yes";
  if (form.matches("[data-sign-out]")) sessionStorage.clear();
  setTimeout(() => { delete form.dataset.sending; }, 5000);
});

// Pages shown again by the back button come from the server, never from memory.
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

// A menu closes on Escape and on a press beside it.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]");
  if (open) { open.open = false; open.querySelector("summary").focus(); }
});
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.menu[open]")) if (!open.contains(event.target)) open.open = false;
});

document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) window.print(); });

// htmx speaks in the role that the page was made for.
document.addEventListener("htmx:configRequest", (event) => {
  if (document.body.dataset.role) event.detail.headers["X-Dexter-Role"] = document.body.dataset.role;
});
for (const shown of document.querySelectorAll("[data-needs-script]")) shown.hidden = false;

// What somebody has opened stays open when a part of the page is refreshed, and who stood on a link or button stands there still.
function identity(element) {
  const words = ["href", "name", "value"].map((name) => element.getAttribute(name));
  return [element.tagName, ...words, element.form?.getAttribute("action"), element.closest("details[id]")?.id].join(" ");
}
document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.detail.target.closest("[data-keep-open]");
  if (!part) return;
  const states = new Map([...part.querySelectorAll("details[id]")].map((details) => [details.id, details.open]));
  const held = part.contains(document.activeElement) ? identity(document.activeElement) : null;
  document.addEventListener("htmx:afterSwap", () => {
    for (const [id, open] of states) { const details = document.getElementById(id); if (details) details.open = open; }
    const again = held && [...document.getElementById(part.id).querySelectorAll("a, button, summary")].find((element) => identity(element) === held);
    if (again) again.focus({ preventScroll: true });
  }, { once: true });
});
