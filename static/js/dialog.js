/*
 * Makes a <dialog open data-modal> a real modal: the page's own, or one that htmx brings over the page as the
 * last child of its body. Without this file the same form is simply the page.
 * Focus goes to the errors if there are any, else to the title, and with a mouse at hand on to the first field
 * to type in; under a thumb it does not, so that no keyboard covers what the reader came to read. When a dialog
 * over a page closes, the focus is again on what opened it.
 * Typed text is not lost without a question. A form is sent once, and not before its files have arrived.
 */
import { behave } from "./behave.js";
import { isBusy, quiet } from "./busy.js";
import {
  followFields, followMoments, followQueue, followReceipt, followSignature, followState, followTemplate,
} from "./follow.js";

/* After so long a form can be sent again: whoever pressed the browser's 'Stop' would wait for ever. */
const AGAIN_AFTER_MS = 10_000;

/* What asked for what htmx brings now: a dialog that comes with its page was asked for by nobody. */
let asking = null;
document.addEventListener("htmx:beforeSwap", ({ detail: { requestConfig } }) => {
  asking = requestConfig?.triggeringEvent?.submitter ?? requestConfig?.elt ?? null;
});

/* The element itself, or what opens the menu or the sheet that it has gone into. */
function reachable(element) {
  if (!element?.isConnected) return null;
  if (element.checkVisibility()) return element;
  const sheet = element.closest("[popover]");
  const place = element.closest("details:not([open])")?.querySelector("summary")
    ?? (sheet && document.querySelector(`[popovertarget="${CSS.escape(sheet.id)}"]`));
  return place?.checkVisibility() ? place : null;
}

class Popup {
  constructor(dialog) {
    this.dialog = dialog;
    this.form = dialog.querySelector("form.dialog__form");
    this.button = this.form.querySelector("[data-submit]");
    this.words = this.button.lastElementChild.textContent;
    this.changed = "typed" in this.form.dataset;
    this.leaving = false;
    this.opener = asking;
    this.listening = new AbortController();
  }

  open() {
    this.dialog.close();
    this.dialog.showModal();
    if (!this.opener) scrollTo(0, 0);
    const error = this.dialog.querySelector("[data-focus-error]");
    if (error) error.focus();
    else if (matchMedia("(pointer: fine)").matches) {
      this.dialog.querySelector("[data-focus]:not([hidden] *)")?.focus({ preventScroll: true });
    }
  }

  listen() {
    const { dialog, form, listening } = this;
    form.addEventListener("input", () => { this.changed = "guard" in form.dataset; });
    form.addEventListener("submit", (event) => this.send(event));
    form.addEventListener("keydown", (event) => this.enter(event), { capture: true });
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); this.cancel(); });
    dialog.addEventListener("close", () => { if (!this.leaving && !dialog.open) dialog.showModal(); });
    dialog.addEventListener("click", (event) => {
      const way = event.target.closest("[data-cancel]");
      if (way) this.leave(event, way);
    });
    addEventListener("beforeunload", (event) => {
      if (this.changed && !this.leaving) event.preventDefault();
    }, listening);
    addEventListener("pageshow", (event) => { if (event.persisted) this.wake(); }, listening);
  }

  /* Ctrl and Enter send from anywhere; Enter alone, in a field to look by, presses the button beside it. */
  enter(event) {
    if (event.key !== "Enter" || event.repeat || event.isComposing) return;
    const beside = () => event.target.closest("[data-enter]")?.querySelector("button");
    const button = event.ctrlKey || event.metaKey ? this.button : beside();
    if (!button || button.disabled) return;
    event.preventDefault();
    button.click(); // which htmx hears, too
  }

  /* Esc does what 'Annuleren en scherm sluiten' does. */
  cancel() {
    this.dialog.querySelector("[data-cancel]").click();
  }

  /* A page's own dialog leads to the ticket. One over a page goes, and the page is as it was. */
  leave(event, way) {
    if (this.changed && !confirm(this.form.dataset.guard)) { event.preventDefault(); return; }
    this.leaving = true;
    if (!this.opener) return;
    event.preventDefault();
    this.giveBack(way.form).then((elsewhere) => {
      if (elsewhere) location.assign(elsewhere);
      else this.close();
    }, () => way.form.submit());
  }

  /*
   * What opening it took, the lock, is given back; the answer leads to a page, which we are on. Asked as htmx
   * asks, a refusal is told apart from that: it names the page that says why, or the one to sign in at.
   */
  async giveBack(form) {
    if (!form) return null;
    const asked = { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } };
    const answer = await fetch(form.action, { ...asked, redirect: "manual" });
    if (!answer.ok && answer.type !== "opaqueredirect") throw new Error(String(answer.status));
    return answer.headers.get("HX-Redirect");
  }

  close() {
    this.listening.abort();
    this.dialog.close();
    this.dialog.remove();
    reachable(this.opener)?.focus();
  }

  send(event) {
    if (this.form.dataset.sent) { event.preventDefault(); return; }
    this.button.setAttribute("aria-disabled", "true");
    if (event.submitter === this.button) this.button.lastElementChild.textContent = this.form.dataset.busy;
    if (isBusy(this.form)) { event.preventDefault(); this.sendLater(event.submitter); return; }
    this.leaving = true;
    this.form.dataset.sent = "1";
    this.waking = setTimeout(() => this.wake(), AGAIN_AFTER_MS);
  }

  /* What still goes up arrives first. If it fails, its complaint is there to be read, and nothing is sent. */
  async sendLater(submitter) {
    const isWaiting = this.next !== undefined;
    this.next = submitter;
    if (isWaiting) return;
    const arrived = await quiet(this.form);
    const { next } = this;
    delete this.next;
    if (this.leaving) return;
    if (arrived) { this.form.requestSubmit(next); return; }
    this.wake();
    const complaints = [...this.form.querySelectorAll(".invalid-feedback[role=alert]")];
    complaints.find((complaint) => complaint.checkVisibility())?.scrollIntoView({ block: "nearest" });
  }

  /* Let it be used again: the browser's 'back' shows the page as it was left, its 'Stop' leaves it there. */
  wake() {
    clearTimeout(this.waking);
    this.leaving = false;
    delete this.form.dataset.sent;
    this.button.removeAttribute("aria-disabled");
    this.button.lastElementChild.textContent = this.words;
  }
}

behave("dialog[data-modal]", (dialog) => {
  const popup = new Popup(dialog);
  popup.listen();
  followState(popup.form);
  followTemplate(popup.form);
  followMoments(popup.form);
  followQueue(popup.form);
  followFields(popup.form);
  followReceipt(popup.form);
  followSignature(popup.form);
  popup.open();
});
