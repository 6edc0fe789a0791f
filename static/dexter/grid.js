// The grid of judgements: keys as in a spreadsheet, saved as one goes, and nothing lost. The page works without it.
"use strict";

(() => {
  const form = document.querySelector("form[data-grid]");
  const bar = form && form.querySelector("[data-state]");
  if (!bar) return; // nothing here may be saved
  const store = `grid ${form.dataset.grid}`;
  const panel = form.querySelector("[data-panel]");
  const words = panel && panel.querySelector("textarea");
  const conflicts = form.querySelector("[data-conflicts]");
  const cells = new Map([...form.querySelectorAll("[data-cell]")].map((cell) => [`${cell.dataset.row} ${cell.dataset.pupil}`, cell]));
  const waiting = new Map(); // by cell: what is to stand there
  let sending = false;
  let again = 0;
  let pause = 0;
  let panelCell = null;
  for (const button of form.querySelectorAll("[data-no-script]")) button.hidden = true;

  const id = (cell) => `${cell.dataset.row} ${cell.dataset.pupil}`;
  const list = (cell) => cell.querySelector("select");
  const comment = (cell) => cell.querySelector("textarea");
  const step = (cell) => (list(cell) ? list(cell).value : (cell.querySelector("input[type=radio]:checked") || {}).value || "");

  function say(state) {
    bar.textContent = state ? bar.dataset[state] : "";
    bar.dataset.is = state || "";
  }

  // What is not saved: ids, codes and words, no names, until it is saved or the person signs out.
  function keep() {
    try {
      if (waiting.size) sessionStorage.setItem(store, JSON.stringify([...waiting]));
      else sessionStorage.removeItem(store);
    } catch { /* full or forbidden */ }
  }

  function put(cell, code, text) {
    if (list(cell)) list(cell).value = code;
    else for (const radio of cell.querySelectorAll("input[type=radio]")) radio.checked = radio.value === code;
    if (text === undefined) return;
    if (comment(cell)) comment(cell).value = text;
    else mark(cell, text);
    if (cell === panelCell) words.value = text;
  }

  function mark(cell, text) {
    if (text) cell.dataset.comment = text;
    else delete cell.dataset.comment;
  }

  function changed(cell, text) {
    const earlier = waiting.get(id(cell)) || {};
    const what = { step: step(cell), version: cell.dataset.version };
    if (text !== undefined) what.comment = text;
    else if (earlier.comment !== undefined) what.comment = earlier.comment;
    waiting.set(id(cell), what);
    keep();
    clearTimeout(pause);
    pause = setTimeout(send, text === undefined ? 0 : 700);
  }

  async function send() {
    if (sending || !waiting.size) return;
    sending = true;
    clearTimeout(again);
    say("saving");
    const next = [...waiting].find(([place]) => cells.has(place));
    const done = next ? await save(...next) : false;
    sending = false;
    if (!done) return;
    if (waiting.size) send();
    else { keep(); say("saved"); }
  }

  async function save(place, what) {
    const cell = cells.get(place);
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", "_role", "_who"]) if (form.elements[name]) body.set(name, form.elements[name].value);
    const [row, pupil] = place.split(" ");
    for (const [name, value] of Object.entries({ row, pupil, ...what, version: cell.dataset.version })) body.set(name, value);
    let answer;
    try {
      answer = await fetch(form.dataset.save, { method: "POST", body, headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(20000) });
      if (answer.status >= 500) throw new Error("server");
    } catch {
      say("offline");
      again = setTimeout(send, 3000);
      return false;
    }
    // Asked as htmx asks, the guard holds no form back for later: what is not saved is kept here.
    const isOurs = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    if (answer.redirected || !isOurs) { say("signedOut"); return false; }
    const said = await answer.json();
    if (waiting.get(place) === what) waiting.delete(place);
    if (answer.ok) {
      cell.dataset.version = said.version;
      cell.dataset.draft = "";
      const sent = form.elements[`version-${row}`];
      if (sent) sent.value = said.version;
    } else if (answer.status === 409) show(cell, what, said.stored[0] || null);
    else refuse(said.errors);
    keep();
    return true;
  }

  function refuse(errors) {
    const line = document.createElement("p");
    line.className = "ds-alert";
    line.dataset.color = "danger";
    line.setAttribute("role", "alert");
    line.textContent = errors.join(" ");
    conflicts.append(line);
  }

  // Both are shown, and somebody chooses.
  function show(cell, what, stored) {
    const { yours, theirs, keep: keepMine, take, empty } = conflicts.dataset;
    const box = document.createElement("div");
    box.className = "ds-alert stack";
    box.dataset.color = "warning";
    box.setAttribute("role", "alert");
    const name = list(cell) ? list(cell).getAttribute("aria-label") : cell.querySelector("legend").textContent;
    const line = (text) => { const p = document.createElement("p"); p.textContent = text; box.append(p); };
    line(name);
    line(`${yours}: ${what.step || empty} ${what.comment || ""}`);
    line(`${theirs} ${stored ? stored.by : ""}: ${(stored && stored.step) || empty} ${(stored && stored.comment) || ""}`);
    const choose = (text, act) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "ds-button";
      button.dataset.variant = "secondary";
      button.textContent = text;
      button.addEventListener("click", () => { box.remove(); act(); });
      box.append(button);
    };
    cell.dataset.version = stored ? stored.version : 0;
    choose(keepMine, () => { put(cell, what.step, what.comment); changed(cell, what.comment); });
    choose(take, () => put(cell, stored ? stored.step : "", stored ? stored.comment : ""));
    conflicts.append(box);
    say("conflict");
  }

  form.addEventListener("change", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (cell && event.target.tagName !== "TEXTAREA") changed(cell);
  });
  form.addEventListener("input", (event) => {
    const cell = event.target === words ? panelCell : event.target.tagName === "TEXTAREA" && event.target.closest("[data-cell]");
    if (!cell) return;
    if (event.target === words) mark(cell, words.value);
    changed(cell, event.target.value);
  });

  // The grid: what stands in a column or row of lists.
  function beside(cell, down, right) {
    const line = cell.parentElement;
    const lines = [...line.parentElement.children];
    let at = lines.indexOf(line) + down;
    const column = [...line.querySelectorAll("[data-cell]")].indexOf(cell) + right;
    while (lines[at]) {
      const next = lines[at].querySelectorAll("[data-cell]")[column];
      if (next && list(next)) return next;
      if (!down) return null;
      at += down;
    }
    return null;
  }

  function go(cell) {
    if (cell) list(cell).focus();
  }

  function open(cell) {
    panelCell = cell;
    panel.hidden = false;
    panel.querySelector("[data-panel-label]").textContent = `${panel.dataset.for} ${list(cell).getAttribute("aria-label")}`;
    words.value = cell.dataset.comment || "";
    words.focus();
  }

  const moves = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Enter: [1, 0] };
  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target === words && event.key === "Escape") { panel.hidden = true; go(panelCell); return; }
    const cell = event.target.tagName === "SELECT" ? event.target.closest("[data-cell]") : null;
    if (!cell) return;
    const pressed = event.key.toLowerCase();
    const chosen = [...list(cell).options].find((option) => option.dataset.key === pressed);
    if (moves[event.key]) go(beside(cell, ...moves[event.key]));
    else if (event.key === "Delete" || event.key === "Backspace") { list(cell).value = ""; changed(cell); }
    else if (chosen) { list(cell).value = chosen.value; changed(cell); go(beside(cell, 1, 0)); }
    else if (pressed === "k" && panel) open(cell);
    else return;
    event.preventDefault();
  });
  form.addEventListener("submit", (event) => { if (event.submitter === null) event.preventDefault(); });

  function restore() {
    let kept = [];
    try { kept = JSON.parse(sessionStorage.getItem(store)) || []; } catch { /* broken or forbidden */ }
    if (form.dataset.sent !== undefined) return; // the server has given back what was sent
    for (const [place, what] of kept) {
      const cell = cells.get(place);
      waiting.set(place, what);
      if (!cell) continue;
      put(cell, what.step, what.comment);
      cell.dataset.version = what.version; // older than what is stored: the server says so
    }
    if (waiting.size) { say("kept"); setTimeout(send, 500); }
  }

  window.addEventListener("online", send);
  window.addEventListener("beforeunload", (event) => { if (waiting.size && bar.dataset.is === "offline") event.preventDefault(); });
  restore();
})();
