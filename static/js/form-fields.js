/*
 * The page on which a question form is made: its fields go up, down, or wherever they are dragged, show what goes
 * with their kind, and the form is seen below them as it is typed. Without script the buttons send the page.
 */
import { behave } from "./behave.js";
import { send } from "./token.js";

const WAIT_MS = 400;
const FITS = {
  choices: ["choice", "several"],
  least: ["short", "long", "number", "several"],
  pattern: ["short", "phone"],
  pattern_said_nl: ["short", "phone"],
};
const ROW = "[data-form-field]:not(.empty-form)";

const rowsOf = (form) => [...form.querySelectorAll(ROW)];
const control = (row, name) => row.querySelector(`[name$="-${name}"]`);
const changed = (group) => group.dispatchEvent(new Event("input", { bubbles: true }));

function number(form) {
  rowsOf(form).forEach((row, at) => { control(row, "place").value = 10 * (at + 1); });
}

/* What stands above a row that is folded, and which of its fields go with its kind; what is filled in stays. */
function dress(row, { required, after, off }) {
  const kind = control(row, "kind");
  const asked = control(row, "asked_when").value.trim();
  const name = control(row, "name_nl").value.trim();
  const said = row.querySelector("[data-name]");
  said.dataset.empty ??= said.textContent;
  said.textContent = name || said.dataset.empty;
  row.querySelector("[data-what]").textContent = [
    kind.selectedOptions[0]?.text,
    control(row, "is_required").checked ? required : "",
    asked ? after.replace("%(field)s", asked) : "",
    control(row, "is_active").checked ? "" : off,
  ].filter(Boolean).join(" · ");
  for (const [field, kinds] of Object.entries(FITS)) {
    const line = control(row, field).closest(".form-row");
    const isFilled = [...line.querySelectorAll("input, textarea")].some((each) => each.value.trim());
    line.hidden = !kinds.includes(kind.value) && !isFilled;
  }
}

behave("[data-form-fields]", (group) => {
  const form = group.closest("form");
  const names = group.querySelector("#form-fields");
  const answers = group.querySelector("#form-answers");
  const option = (text) => Object.assign(document.createElement("option"), { value: text });
  const dressAll = () => rowsOf(group).forEach((row) => dress(row, group.dataset));
  const named = (name) => rowsOf(group).find((row) => control(row, "name_nl").value.trim() === name.trim());

  group.addEventListener("input", dressAll);
  group.addEventListener("formset:added", ({ target }) => {
    dress(target, group.dataset);
    control(target, "name_nl").focus();
  });
  group.addEventListener("focusin", ({ target }) => {
    const row = target.closest(ROW);
    if (!row) return;
    const above = rowsOf(group).slice(0, rowsOf(group).indexOf(row));
    const others = above.map((each) => control(each, "name_nl").value.trim()).filter(Boolean);
    names.replaceChildren(...others.map(option));
    const asked = named(control(row, "asked_when").value);
    const lines = asked ? control(asked, "choices").value.split("\n") : [];
    answers.replaceChildren(...lines.map((line) => line.split("|")[0].trim()).filter(Boolean).map(option));
  });
  group.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest(ROW);
    const rows = rowsOf(group);
    const other = rows[rows.indexOf(row) + (button.dataset.move === "up" ? -1 : 1)];
    if (!other) return;
    other[button.dataset.move === "up" ? "before" : "after"](row);
    button.focus();
    changed(group);
  });
  group.addEventListener("dragstart", (event) => {
    const row = event.target.closest("[data-grip]")?.closest(ROW);
    if (!row) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setDragImage(row, 0, 0);
    row.dataset.dragged = "";
  });
  group.addEventListener("dragover", (event) => {
    const dragged = group.querySelector("[data-dragged]");
    const over = event.target.closest(ROW);
    if (!dragged || !over) return;
    event.preventDefault();
    const { top, height } = over.getBoundingClientRect();
    if (over !== dragged) over[event.clientY < top + height / 2 ? "before" : "after"](dragged);
  });
  group.addEventListener("drop", (event) => {
    if (group.querySelector("[data-dragged]")) event.preventDefault();
  });
  group.addEventListener("dragend", () => {
    const dragged = group.querySelector("[data-dragged]");
    if (!dragged) return;
    delete dragged.dataset.dragged;
    changed(group);
  });
  form.addEventListener("submit", () => number(form));
  dressAll();
});

const fit = (frame) => { frame.style.blockSize = `${Math.ceil(frame.contentDocument.body.getBoundingClientRect().height)}px`; };

behave(".formpreview__frame", (frame) => {
  frame.addEventListener("load", () => fit(frame));
  if (frame.contentDocument?.querySelector("main")) fit(frame);
});

behave("[data-form-preview]", (frame) => {
  const form = frame.closest("form");
  let language = document.documentElement.lang, asked = 0, waiting;

  const paint = (html) => {
    const shown = frame.contentDocument;
    if (!shown?.querySelector("main")) {
      frame.srcdoc = html;
      return;
    }
    const page = new DOMParser().parseFromString(html, "text/html");
    shown.body.replaceWith(shown.adoptNode(page.body));
    fit(frame);
  };
  const show = async () => {
    const mine = ++asked;
    number(form);
    const data = new FormData(form);
    data.append("_language", language);
    const answer = await send(form, frame.dataset.formPreview, data);
    const html = answer.ok ? await answer.text() : "";
    if (mine === asked && html) paint(html);
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, WAIT_MS);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[formtarget=form-preview]");
    if (!button) return;
    event.preventDefault();
    language = button.value;
    show();
  });
  show();
});
