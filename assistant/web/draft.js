// The Draft tab: sends what a button is for, edits a statement in its place, and keeps what is being typed in this
// browser until it is saved, so that neither an update of the page nor a closed tab loses it.
const root = () => element.querySelector(".editor");
const isEditor = element.id === "draft-editor" || !!element.closest("#draft-editor");
const at = (name) => `kotoapuri|${root()?.dataset.key}|${name}`;
const read = (name) => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } };
const write = (name, value) => { try { localStorage.setItem(name, JSON.stringify(value)); } catch { /* full or shut off */ } };
const forget = (name) => { try { localStorage.removeItem(name); } catch { /* shut off */ } };
const say = () => JSON.parse(root()?.dataset.say || "{}");
let focusNext = "";   // id of what is to have the focus after the next update
let sent = null;      // {token, name}: typed text that is being saved
let editing = [];     // ids of statements whose form is open
let shownKey = "";

function send(what, more = {}) {
  const token = String(Date.now()) + Math.random();
  const open = document.querySelector("#draft-editor .editor");
  const seen = { section: open?.dataset.section || "", version: Number(open?.dataset.version || 0) };
  trigger(["draft", "shorter", "longer", "indicator"].includes(what) ? "long" : "quick", { do: what, token, ...seen, ...more });
  return token;
}

function saving(button, name, token) {
  sent = { token, name };
  const text = button.textContent;
  button.disabled = true;
  button.textContent = say().saving;
  setTimeout(() => {
    if (sent?.token !== token || !button.isConnected) return;
    button.disabled = false;
    button.textContent = text;
    const told = document.createElement("p");
    told.setAttribute("role", "alert");
    told.textContent = say()["no-reply"];
    button.parentElement.append(told);
  }, 15000);
}

function openForm(unit, texts) {
  unit.querySelector(".edit-form")?.remove();
  const fields = JSON.parse(unit.dataset.fields);
  const form = document.createElement("form");
  form.className = "edit-form";
  fields.forEach((field, n) => {
    const id = `${unit.id}-field-${n}`;
    const label = Object.assign(document.createElement("label"), { htmlFor: id, textContent: field.label });
    const box = Object.assign(document.createElement("textarea"), { id, value: texts ? texts[n] : field.text });
    box.rows = Math.min(12, Math.max(fields.length > 1 ? 1 : 3, Math.ceil(box.value.length / 70)));
    form.append(label);
    if (field.hint) {
      const hint = Object.assign(document.createElement("p"), { id: `${id}-hint`, textContent: field.hint });
      box.setAttribute("aria-describedby", hint.id);
      form.append(hint);
    }
    form.append(box);
  });
  const hint = Object.assign(document.createElement("p"), { className: "hint", textContent: texts ? say()["typed-kept"] : say()["edit-hint"] });
  const save = Object.assign(document.createElement("button"), { type: "submit", className: "main", textContent: say().save });
  const cancel = Object.assign(document.createElement("button"), { type: "button", textContent: say()["cancel-edit"] });
  save.dataset.keep = cancel.dataset.keep = "1";
  const name = at(`edit-${unit.dataset.place}`);
  const values = () => [...form.querySelectorAll("textarea")].map((box) => box.value);
  const close = () => { forget(name); form.remove(); unit.classList.remove("editing"); editing = editing.filter((id) => id !== unit.id); };
  form.addEventListener("input", () => write(name, { base: unit.dataset.fields, texts: values() }));
  cancel.addEventListener("click", () => { close(); unit.querySelector(".unit-tools button")?.focus(); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (JSON.stringify(values()) === JSON.stringify(fields.map((f) => f.text))) { close(); unit.querySelector(".unit-tools button")?.focus(); return; }
    write(name, { base: unit.dataset.fields, texts: values() });
    focusNext = unit.id;
    saving(save, name, send("save", { place: unit.dataset.place, texts: values() }));
  });
  form.addEventListener("keydown", (event) => { if (event.key === "Escape") cancel.click(); });
  form.append(hint, save, cancel);
  unit.append(form);
  unit.classList.add("editing");
  if (!editing.includes(unit.id)) editing.push(unit.id);
}

function choose(unit) {
  const side = document.getElementById("draft-side");
  if (!side) return;
  document.querySelectorAll("#draft-editor .unit.chosen").forEach((one) => one.classList.remove("chosen"));
  unit?.classList.add("chosen");
  const numbers = unit ? JSON.parse(unit.dataset.cites) : [];
  side.querySelectorAll(".card").forEach((card) => {
    card.classList.remove("shown");
    card.classList.toggle("chosen", numbers.includes(Number(card.id.split("-").pop())));
  });
  const hint = side.querySelector(".hint"), none = side.querySelector(".none");
  if (hint) hint.hidden = !!unit;
  if (none) none.hidden = !unit || numbers.length > 0;
}

// Gradio reuses the elements of the page: what was typed in a box would stay in it when it becomes another statement's.
function restore() {
  const editor = isEditor && root();
  if (!editor) return;
  if (sent && editor.dataset.done === sent.token) { forget(sent.name); sent = null; }
  else if (sent && editor.dataset.done.endsWith(sent.token)) sent = null;   // "failed:" and the token
  element.querySelectorAll(".edit-form").forEach((form) => form.remove());
  element.querySelectorAll(".unit.editing").forEach((unit) => unit.classList.remove("editing"));
  editing = [];
  element.querySelectorAll("textarea[data-kept]").forEach((box) => {
    const kept = read(at(box.dataset.kept));
    box.value = kept ? kept.text : box.defaultValue;
  });
  const lost = [];
  const names = [];
  for (let n = 0; n < localStorage.length; n++) names.push(localStorage.key(n));
  names.filter((name) => name.startsWith(at("edit-"))).forEach((name) => {
    const kept = read(name);
    const unit = document.getElementById(`draft-unit-${name.split("|edit-")[1]}`);
    if (unit && kept?.base === unit.dataset.fields) openForm(unit, kept.texts);
    else if (kept) lost.push([name, kept.texts]);
  });
  const box = element.querySelector(".lost");
  box.hidden = !lost.length;
  box.replaceChildren(...lost.map(([name, texts]) => {
    const one = document.createElement("div");
    const drop = Object.assign(document.createElement("button"), { type: "button", textContent: say().discard });
    drop.addEventListener("click", () => { forget(name); restore(); });
    one.append(Object.assign(document.createElement("p"), { textContent: say()["typed-lost"] }),
      Object.assign(document.createElement("blockquote"), { textContent: texts.filter(Boolean).join("\n") }), drop);
    return one;
  }));
  if (shownKey !== editor.dataset.key) choose(null);
  shownKey = editor.dataset.key;
}

function refocus() {
  if (!focusNext) return;
  const target = document.getElementById(focusNext);
  const inner = target?.matches(".unit") ? target.querySelector(".unit-tools button") : target;
  focusNext = "";
  inner?.focus({ preventScroll: inner.id !== "draft-title" });
}

element.addEventListener("click", (event) => {
  const unit = event.target.closest(".unit");
  if (unit) choose(unit);
  const button = event.target.closest("button[data-do]");
  if (!button) return;
  const what = button.dataset.do;
  const number = Number(button.dataset.number || 0);
  if (what === "edit") {
    openForm(unit);
    unit.querySelector(".edit-form textarea").focus();
  } else if (what === "open") {
    window.draftFocus = "draft-title";
    send(what, { section: button.dataset.section });
  } else if (what === "compare") {
    focusNext = "draft-compared";
    send(what, { older: Number(element.querySelector("#draft-older").value), newer: Number(element.querySelector("#draft-newer").value) });
  } else if (what === "put") {
    focusNext = "draft-unused-head";
    button.disabled = true;
    send(what, { passage: button.dataset.passage });
  } else if (what === "back") {
    send(what, { number });
  } else if (what === "fill") {
    const box = button.parentElement.querySelector("textarea");
    focusNext = unit.id;
    saving(button, at(box.dataset.kept), send(what, { place: unit.dataset.place, gap: button.dataset.gap, answer: box.value }));
  } else if (what === "accept-part") {
    focusNext = unit ? unit.id : "";
    send(what, { block: Number(button.dataset.block) });
  } else if (unit) {
    focusNext = unit.id;
    send(what, { place: unit.dataset.place });
  } else {
    const notes = element.querySelector("#draft-notes");
    sent = { token: send(what, { notes: notes?.value || "" }), name: at("notes") };
  }
});
element.addEventListener("focusin", (event) => {
  const unit = event.target.closest(".unit");
  if (unit && !unit.classList.contains("chosen")) choose(unit);
});
element.addEventListener("input", (event) => {
  const box = event.target.closest("textarea[data-kept]");
  if (!box) return;
  if (box.value === box.defaultValue) forget(at(box.dataset.kept));
  else write(at(box.dataset.kept), { text: box.value });
});

// What own documents say besides is looked for when somebody wants to see it, as that takes seconds. What was opened
// stays open, also when the section becomes another one. An answer on a section that was left meanwhile is not shown:
// it is asked again, once, for the one that is open.
let unusedOpen = false;
let askedAgain = "";  // key of that section
const lookIfOpen = () => {
  const box = element.id === "draft-unused" || element.closest("#draft-unused") ? element.querySelector("details") : null;
  if (!box) return;
  const now = document.querySelector("#draft-editor .editor")?.dataset.key;
  const isOther = box.dataset.of !== now;
  box.hidden = isOther;
  if (unusedOpen) box.open = true;
  const isWanted = isOther ? askedAgain !== now : box.open && box.dataset.known === "0";
  askedAgain = isOther ? now : "";
  if (isWanted) trigger("look", {});
};
element.addEventListener("toggle", (event) => {
  if (event.target.id !== "draft-unused-box" || event.target.open === unusedOpen) return;
  unusedOpen = event.target.open;
  lookIfOpen();
}, true);

restore();
watch("value", () => {
  lookIfOpen();
  const active = document.activeElement;
  const typing = isEditor && active?.closest?.(".edit-form") ? { id: active.id, start: active.selectionStart } : null;
  restore();
  if (isEditor && window.draftFocus) { focusNext = window.draftFocus; window.draftFocus = ""; }
  refocus();
  const again = typing && document.getElementById(typing.id);
  if (again) { again.focus({ preventScroll: true }); again.setSelectionRange(typing.start, typing.start); }
  if (isEditor) {
    const chosen = element.querySelector(".unit.chosen");
    if (chosen) requestAnimationFrame(() => choose(chosen));
  }
});
