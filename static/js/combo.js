/*
 * A field with completion (ARIA: a combobox that opens a listbox). While one types, those who fit are asked for;
 * arrows go through the lines, Enter or a press takes one, Esc closes the list and nothing else. How many there
 * are is said aloud. Without this file the button beside the field looks for them.
 *
 * <div data-combo="address" data-combo-list="name of the list"> holds the <input>, in a .combo. What is taken goes
 * into the field, its id into a field named as the input with _id, and for which text it holds into one with _for.
 * With data-combo-many the field holds several, with commas between, and the last of them is completed. With
 * data-combo-idle there is a list before anything is typed, too: by a press, or an arrow. data-combo-with names
 * fields of the form that are asked along; nothing is asked before there are data-combo-least letters. Lines may
 * stand in groups; one with data-href leads there.
 * Who wants something else of what is taken hears `kvv:taken`, whose detail is the line, and prevents the rest.
 */
import { behave } from "./behave.js";

const WAIT_MS = 180;

/* An address of ours, with what the fields of the form hold that are to be asked along. */
export function addressWith(place, at) {
  const address = new URL(at, location.href);
  const { elements } = place.closest("form");
  for (const name of (place.dataset.comboWith ?? "").split(" ")) {
    if (name && elements[name]?.value) address.searchParams.set(name, elements[name].value);
  }
  return address;
}
let lists = 0;

class Combo {
  constructor(place) {
    this.place = place;
    this.input = place.querySelector(".combo input");
    this.many = "comboMany" in place.dataset;
    this.idle = "comboIdle" in place.dataset;
    this.list = this.input.parentElement.appendChild(document.createElement("ul"));
    this.status = place.appendChild(document.createElement("p"));
    this.least = Number(place.dataset.comboLeast ?? 1);
    this.active = -1;
  }

  begin() {
    const { input, list, status, place } = this;
    Object.assign(list, { id: `combo-${lists += 1}`, className: "combo__list", hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", place.dataset.comboList);
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" };
    for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value);
    const find = place.querySelector("[data-combo-find]");
    if (find) find.hidden = true;
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
    if (this.idle) input.addEventListener("click", () => { if (list.hidden) this.ask(this.begun); });
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const line = event.target.closest("[role=option]");
      if (line) this.take(line);
    });
  }

  get lines() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  /* What is being typed: of several the one after the last comma that stands in no quotation marks. */
  get begun() {
    const text = this.input.value;
    return this.many ? text.slice(this.kept.length).trim() : text.trim();
  }

  get isEnough() {
    return this.idle || this.begun.length >= this.least;
  }

  get kept() {
    let quoted = false;
    let end = 0;
    [...this.input.value].reduce((at, sign) => {
      if (sign === '"') quoted = !quoted;
      else if (!quoted && (sign === "," || sign === ";")) end = at + sign.length;
      return at + sign.length;
    }, 0);
    return this.input.value.slice(0, end);
  }

  typed() {
    this.choose("", "");
    this.place.querySelector("[data-combo-found]")?.remove();
    clearTimeout(this.waiting);
    this.asking?.abort();
    if (!this.isEnough) { this.close(); return; }
    this.waiting = setTimeout(() => this.ask(this.begun), WAIT_MS);
  }

  async ask(begun) {
    this.asking = new AbortController();
    const address = addressWith(this.place, this.place.dataset.combo);
    address.searchParams.set("q", begun);
    try {
      const answer = await fetch(address, { redirect: "error", signal: this.asking.signal });
      if (answer.ok) this.show(await answer.text(), begun);
    } catch { /* Nobody answered, or something else was typed: it stays a field to type in. */ }
  }

  show(html, begun) {
    if (begun !== this.begun || document.activeElement !== this.input) return;
    this.list.innerHTML = html;
    const said = this.list.querySelector("[data-said]");
    this.status.textContent = said?.textContent ?? "";
    said?.remove();
    this.lines.forEach((line, n) => { line.id = `${this.list.id}-${n}`; });
    this.open(this.lines.length > 0);
    this.point(-1);
    this.list.scrollIntoView({ block: "nearest" });
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", isOpen);
  }

  close() {
    clearTimeout(this.waiting);
    this.asking?.abort();
    this.open(false);
    this.point(-1);
    this.list.replaceChildren();
  }

  point(at) {
    const { lines, input } = this;
    this.active = at;
    lines.forEach((line, n) => line.setAttribute("aria-selected", n === at));
    if (lines[at]) {
      input.setAttribute("aria-activedescendant", lines[at].id);
      lines[at].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  pressed(event) {
    const { lines } = this;
    const isOpen = !this.list.hidden;
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && isOpen) this.close();
    else if (event.key === "Enter" && isOpen && lines[this.active]) this.take(lines[this.active]);
    else if (event.key === "ArrowDown" && isOpen) this.point((this.active + 1) % lines.length);
    else if (event.key === "ArrowUp" && isOpen) this.point((Math.max(this.active, 0) || lines.length) - 1);
    else if (event.key === "ArrowDown" && this.isEnough) this.ask(this.begun);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  take(line) {
    const { input, place } = this;
    if (line.dataset.href) {
      this.close();
      location.assign(line.dataset.href);
      return;
    }
    if (!place.dispatchEvent(new CustomEvent("kvv:taken", { detail: line, cancelable: true }))) {
      input.value = "";
      this.close();
      return;
    }
    input.value = this.many ? `${this.kept}${this.kept ? " " : ""}${line.dataset.value}, ` : line.dataset.value;
    this.choose(line.dataset.id, input.value);
    this.close();
    input.focus();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* Who is chosen, and for which text that holds. */
  choose(id, text) {
    const { form, name } = this.input;
    const fields = form.elements;
    if (fields[`${name}_id`]?.type === "hidden") fields[`${name}_id`].value = id;
    if (fields[`${name}_for`]) fields[`${name}_for`].value = text.trim();
  }
}

behave("[data-combo]", (place) => new Combo(place).begin());
