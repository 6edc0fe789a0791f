// The roll-call: keys, quick minutes, and nothing lost when the line drops. The page works without it.
"use strict";

(() => {
  const form = document.querySelector("form[data-roll-call]");
  const bar = form && form.querySelector("[data-state]");
  if (!bar) return; // nothing here may be saved
  const key = `roll-call ${form.dataset.rollCall}`;
  const forget = form.querySelector("[data-forget]");
  const opened = performance.now();
  const length = Number(form.dataset.length);
  let sent = ""; // the id of the form that is on its way, or was when the line dropped
  let wait = 0;
  let timer = 0;

  const row = (element) => element.closest(".roster__row");
  const tick = (of) => of.querySelector("input[name=absent]");
  const fields = (of) => [...of.querySelectorAll("input[data-mark]")]; // minutes, or times of day
  const passed = () => Math.floor((performance.now() - opened) / 60000); // minutes since the page came
  const gone = () => Number(form.dataset.gone) + passed();

  function say(state) {
    bar.textContent = state ? bar.dataset[state] : "";
    bar.dataset.is = state || "";
  }

  function describe(of) {
    const parts = fields(of).filter((input) => input.value && input.value !== "0").map((input) => `${input.dataset.word} ${input.value}${input.dataset.unit || ""}`);
    of.querySelector(".roster__mark").dataset.present = parts.join(", ") || form.dataset.present;
  }

  // What is marked: ids and minutes, no names, until it is saved or the person signs out.
  function keep() {
    const marks = {};
    for (const of of form.querySelectorAll(".roster__row")) {
      const found = Object.fromEntries(fields(of).filter((input) => input.value).map((input) => [input.name, input.value]));
      if (tick(of).checked || Object.keys(found).length) marks[tick(of).value] = [tick(of).checked, found];
    }
    const { version, submission } = form.elements;
    try { sessionStorage.setItem(key, JSON.stringify({ version: version.value, submission: submission.value, marks })); } catch { /* full or forbidden */ }
  }

  function drop() {
    try { sessionStorage.removeItem(key); } catch { /* forbidden */ }
  }

  function restore() {
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(key)); } catch { /* broken or forbidden */ }
    if (!kept) return;
    if (form.dataset.sent !== undefined) { drop(); return; } // the server has given back what was sent
    if (kept.submission === form.dataset.last) { drop(); return; }
    form.elements.version.value = kept.version; // older than what is stored: the server shows both
    form.elements.submission.value = kept.submission;
    for (const of of form.querySelectorAll(".roster__row")) {
      const [ticked, found] = kept.marks[tick(of).value] || [false, {}];
      tick(of).checked = ticked;
      for (const input of fields(of)) input.value = found[input.name] || "";
      describe(of);
    }
    forget.hidden = false;
    say("kept");
  }

  function changed(of) {
    if (sent) form.elements.submission.value = crypto.randomUUID(); // another content is another form
    describe(of);
    keep();
    if (bar.dataset.is !== "offline") say("changed");
  }

  async function send() {
    clearTimeout(timer);
    const body = new FormData(form);
    sent = body.get("submission");
    say("saving");
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(20000) });
      if (answer.status >= 500) throw new Error("server");
    } catch {
      say("offline");
      wait = Math.min(30, wait * 2 || 2);
      timer = setTimeout(send, wait * 1000);
      return;
    }
    if (sent !== form.elements.submission.value && answer.ok) { await again(answer); return; }
    if (answer.ok && answer.headers.get("Content-Type").startsWith("application/json")) {
      drop();
      say("saved");
      location.assign((await answer.json()).next);
    } else if (answer.redirected) {
      location.assign(answer.url); // to sign in or to confirm: what is marked stays kept
    } else {
      form.submit(); // refused or in conflict: the page that says why
    }
  }

  // Something was marked while the first save was on its way: that one counts as the version this one follows.
  async function again(answer) {
    if (answer.redirected) { location.assign(answer.url); return; }
    form.elements.version.value = (await answer.json()).version;
    keep();
    send();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (bar.dataset.is === "saving") return;
    keep();
    wait = 0;
    send();
  });

  form.addEventListener("input", (event) => {
    const of = row(event.target);
    if (!of) return;
    if (event.target.dataset.mark !== undefined && event.target.value) tick(of).checked = false;
    if (event.target.type === "checkbox" && event.target.checked) for (const input of fields(of)) input.value = "";
    changed(of);
  });

  // The server's clock, not the reader's.
  function clock() {
    const [hours, minutes] = form.dataset.clock.split(":").map(Number);
    const now = hours * 60 + minutes + passed();
    return `${String(Math.floor(now / 60) % 24).padStart(2, "0")}:${String(now % 60).padStart(2, "0")}`;
  }

  function put(input, minutes) {
    input.value = minutes;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest(".quick button");
    if (!button) return;
    const input = button.closest(".roster__part").querySelector("input");
    if (button.dataset.now === "clock") put(input, clock());
    else put(input, Math.max(0, Math.min(length, { gone: gone(), left: length - gone() }[button.dataset.now] ?? button.dataset.minutes)));
  });

  form.addEventListener("keydown", (event) => {
    const box = event.target;
    if (box.name !== "absent" || event.ctrlKey || event.altKey || event.metaKey) return;
    const boxes = [...form.querySelectorAll("input[name=absent]")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) boxes[boxes.indexOf(box) + step]?.focus();
    else if (event.key === "Enter") form.requestSubmit();
    else if (event.key.toLowerCase() === "l") late(row(box));
    else return;
    event.preventDefault();
  });

  // Late until now; when the lesson is not going on, the field to write it in.
  function late(of) {
    const input = fields(of)[0];
    if (form.dataset.clock) { put(input, clock()); return; }
    if (gone() > 0 && gone() < length) { put(input, gone()); return; }
    of.querySelector("details").open = true;
    input.focus();
  }

  forget.addEventListener("click", () => { drop(); location.reload(); });
  window.addEventListener("online", () => { if (bar.dataset.is === "offline") { wait = 0; send(); } });
  restore();
})();
