/*
 * The editor: Squire in KVV's own tool bar. It takes the place of the plain text field and puts its HTML into
 * the hidden field when the form is sent. A quoted mail goes round Squire's tidying, so that it leaves as it
 * came unless the agent changes it.
 */
import "../../vendor/dompurify/purify.min.js";
import "../../vendor/squire/squire.js";
import { box, clean, cleanPasted, stylesOf, wake } from "./clean.js";
import { Earlier } from "./earlier.js";
import { Images } from "./images.js";
import { Tail } from "./tail.js";
import { Texts } from "./texts.js";
import { Toolbar } from "./toolbar.js";

const QUOTE = "blockquote[type=cite]";
const outermost = (root) => [...root.querySelectorAll(QUOTE)].filter((quote) => !quote.parentElement?.closest(QUOTE));

/* The paragraph that the server has marked as the one to go on in. */
const lineIn = (root) => [...root.querySelectorAll("[data-here]")].filter((place) => !place.closest(QUOTE)).at(-1);

class Editor {
  constructor(host) {
    this.host = host;
    this.form = host.closest("form");
    this.area = host.querySelector(".editor__area");
    this.plain = this.form.elements[host.dataset.editor];
    this.complaint = this.form.querySelector("[data-editor-error]");
    this.ready = null;
    this.code = null;
    this.squire = new window.Squire(this.area, {
      blockTag: "P",
      sanitizeToDOMFragment: (html) => this.ready ?? cleanPasted(html),
    });
  }

  /* Show the HTML: Squire tidies what is ours, the quoted mails are put back behind its back. */
  load(html) {
    this.ready = clean(html || "<p><br></p>");
    this.styles = stylesOf(this.ready);
    this.mark(this.ready);
    const mails = outermost(this.ready).map((quote) => {
      const mail = [...quote.childNodes];
      quote.replaceChildren(document.createElement("p"));
      return mail;
    });
    this.squire.setHTML("");
    this.ready = null;
    outermost(this.area).forEach((quote, place) => quote.replaceChildren(...mails[place]));
  }

  /* The line to write on says so until it is written on; an image that is not fetched says that. */
  mark(text) {
    const { hint, hintOn, blocked } = this.host.dataset;
    const line = lineIn(text);
    if (line) line.dataset.here = (line.textContent.trim() ? hintOn : hint) ?? "";
    if (blocked) box(text, blocked);
    this.tail = new Tail(this, line);
  }

  /* Once there are words of one's own, nothing has to say where they go. */
  unmark() {
    if (this.begun === null || this.area.innerHTML === this.begun) return;
    this.begun = null;
    const lines = this.area.querySelectorAll("[data-here]");
    this.squire.modifyDocument(() => lines.forEach((line) => { line.dataset.here = ""; }));
  }

  /* The HTML to send; while it is shown as code, what stands there. */
  get html() {
    return this.code?.value ?? wake(this.squire.getHTML(), this.styles, this.chosen);
  }

  /* What can be chosen of a menu, as a browser writes it: 'color: rgb(179, 38, 30)'. */
  get chosen() {
    const chosen = new Set();
    const { style } = document.createElement("span");
    for (const { dataset: { pick }, options } of this.host.querySelectorAll("select[data-pick]")) {
      for (const { value } of options) {
        style.setProperty(pick, value);
        if (style.getPropertyValue(pick)) chosen.add(`${pick}: ${style.getPropertyValue(pick)}`);
      }
    }
    return chosen;
  }

  /* The form has words of one's own now. */
  touch() {
    this.unmark();
    this.form.dataset.textTyped = "1";
    this.form.dispatchEvent(new Event("input"));
  }

  /* Take the place of the plain text field. */
  takeOver() {
    const { form, area, plain } = this;
    this.load(form.elements.html.value);
    this.host.hidden = false;
    plain.hidden = plain.disabled = true;
    if (form.elements.rich) form.elements.rich.value = "1";
    if (plain.classList.contains("is-invalid")) {
      area.setAttribute("aria-invalid", "true");
      area.setAttribute("aria-describedby", plain.getAttribute("aria-describedby") ?? "");
    }
    this.host.addEventListener("kvv:insert", ({ detail }) => this.squire.focus().insertPlainText(detail));
    for (const label of plain.labels) label.addEventListener("click", () => this.squire.focus());
    form.addEventListener("click", (event) => {
      if (event.target.closest("a[href='#id_text'], a[href='#id_html']")) {
        event.preventDefault();
        this.squire.focus();
      }
    });
    form.addEventListener("formdata", (event) => event.formData.set("html", this.html));
    this.begun = area.innerHTML;
    this.squire.addEventListener("input", () => this.touch());
  }

  /* Put HTML where the cursor stands; it keeps its looks, as what the form came with does. */
  insert(html) {
    const { code, squire } = this;
    if (code) {
      code.setRangeText(html, code.selectionStart, code.selectionEnd, "end");
      code.focus();
      this.touch();
      return;
    }
    squire.focus();
    this.ready = clean(html);
    for (const style of stylesOf(this.ready)) this.styles.add(style);
    this.part(this.ready);
    squire.insertHTML(html);
    squire.saveUndoState();
    this.ready = null;
  }

  /* A space between a text that is put in and the words that it comes to stand between. */
  part(text) {
    const { startContainer, startOffset, endContainer, endOffset } = this.squire.getSelection();
    const before = startContainer.nodeType === Node.TEXT_NODE
      ? startContainer.data[startOffset - 1]
      : startContainer.childNodes[startOffset - 1]?.textContent.at(-1);
    const after = endContainer.nodeType === Node.TEXT_NODE ? endContainer.data[endOffset] : "";
    if (before?.trim()) text.firstElementChild?.prepend(" ");
    if (after?.trim()) text.lastElementChild?.append("\u00a0");  // one that Squire leaves at the end of a line
  }

  /* The end of the line to go on in; of all of an own text. */
  get here() {
    const place = lineIn(this.area) ?? (outermost(this.area).length ? null : this.area.lastElementChild);
    const range = document.createRange();
    range.selectNodeContents(place ?? this.area);
    if (place?.lastChild?.nodeName === "BR") range.setEndBefore(place.lastChild);
    range.collapse(!place);
    return range;
  }

  /* The first word that is typed behind a standard answer is parted from it. */
  space(event) {
    const { inputType, data } = event;
    if (this.begun === null || inputType !== "insertText" || !/^[\p{L}\p{N}]/u.test(data ?? "")) return;
    const cursor = this.squire.getSelection();
    const line = lineIn(this.area);
    if (!cursor.collapsed || !line?.contains(cursor.startContainer) || !line.textContent.at(-1)?.trim()) return;
    const rest = document.createRange();
    rest.selectNodeContents(line);
    rest.setStart(cursor.startContainer, cursor.startOffset);
    if (rest.toString()) return;
    event.preventDefault();
    document.execCommand("insertText", false, ` ${data}`);  // Squire drops a space that a text begins with
  }

  /* The cursor stands where one writes, as soon as the editor is entered: by Tab, its label, a first press. */
  place() {
    const { area, squire } = this;
    squire.setSelection(this.here);
    area.addEventListener("beforeinput", (event) => this.space(event));
    let isPressed = false;
    area.addEventListener("pointerdown", () => { isPressed = true; });
    area.addEventListener("focus", () => {
      if (!isPressed) return;
      area.addEventListener("click", () => {
        if (getSelection().isCollapsed) squire.setSelection(this.here);
      }, { once: true });
    }, { once: true });
  }

  complain(sentence) {
    this.complaint.textContent = sentence;
    this.complaint.hidden = !sentence;
  }
}

/* Whether the cursor is in another field: the form begins there, or the reader went while the editor was fetched. */
const isElsewhere = (area) =>
  document.activeElement !== area && document.activeElement?.matches("input, select, [data-focus]");

/* Where no images go into the text: a file that is dropped must not take the place of the page. */
function refuseFiles(area) {
  for (const name of ["dragover", "drop"]) {
    area.addEventListener(name, (event) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    }, { capture: true });
  }
  return null;
}

/* Make an editor of a place for one; its form has a plain field and, where that takes no HTML, a hidden one. */
export function begin(host) {
  const editor = new Editor(host);
  editor.takeOver();
  editor.tail.begin();
  editor.place();
  const images = host.dataset.image ? new Images(editor) : refuseFiles(editor.area);
  new Toolbar(editor, images);
  new Texts(editor).begin();
  new Earlier(editor).begin();
  const mouse = matchMedia("(pointer: fine)").matches && editor.area.matches("[data-focus]");
  if (mouse && !editor.form.querySelector("[data-focus-error]") && !isElsewhere(editor.area)) {
    editor.area.focus({ preventScroll: true });
  }
  return editor;
}
