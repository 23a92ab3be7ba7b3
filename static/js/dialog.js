/*
 * Opens a page's <dialog open data-modal> as a real modal. Without this file the same form is simply the page.
 * Focus goes to the errors if there are any, else to the title, and with a mouse at hand on to the first field
 * to type in; under a thumb it does not, so that no keyboard covers what the reader came to read.
 * Typed text is not lost without a question, and a form is sent once.
 */
class Popup {
  constructor(dialog) {
    this.dialog = dialog;
    this.form = dialog.querySelector("form.dialog__form");
    this.button = this.form.querySelector("[data-submit]");
    this.words = this.button.lastElementChild.textContent;
    this.changed = dialog.querySelector("[data-focus-error]") !== null;
    this.leaving = false;
  }

  open() {
    this.dialog.close();
    this.dialog.showModal();
    scrollTo(0, 0);
    const error = this.dialog.querySelector("[data-focus-error]");
    if (error) error.focus();
    else if (matchMedia("(pointer: fine)").matches) {
      this.dialog.querySelector("[data-focus]:not([hidden] *)")?.focus({ preventScroll: true });
    }
  }

  listen() {
    const { dialog, form } = this;
    form.addEventListener("input", () => { this.changed = true; });
    form.addEventListener("submit", (event) => this.send(event));
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); this.cancel(); });
    dialog.addEventListener("close", () => { if (!this.leaving) dialog.showModal(); });
    dialog.addEventListener("click", (event) => {
      if (event.target.closest(".dialog__cancel")) this.leave(event);
    });
    addEventListener("beforeunload", (event) => { if (this.changed && !this.leaving) event.preventDefault(); });
    addEventListener("pageshow", (event) => { if (event.persisted) this.wake(); });
  }

  /* Esc does what 'Annuleren en scherm sluiten' does. */
  cancel() {
    this.dialog.querySelector(".dialog__cancel").click();
  }

  leave(event) {
    if (this.changed && !confirm(this.form.dataset.guard)) event.preventDefault();
    else this.leaving = true;
  }

  send(event) {
    if (this.form.dataset.sent) { event.preventDefault(); return; }
    this.leaving = true;
    this.form.dataset.sent = "1";
    this.button.setAttribute("aria-disabled", "true");
    if (event.submitter === this.button) this.button.lastElementChild.textContent = this.form.dataset.busy;
  }

  /* The browser's 'back' shows the page as it was left: let it be used again. */
  wake() {
    this.leaving = false;
    delete this.form.dataset.sent;
    this.button.removeAttribute("aria-disabled");
    this.button.lastElementChild.textContent = this.words;
  }
}

/* 'Daarna: …' and the date to wait for follow the chosen state. */
function followState(form) {
  const state = form.querySelector("select[name=state]");
  const next = form.querySelector("[data-next-state]");
  const wait = form.querySelector("[data-for-states]");
  if (!state) return;
  const show = () => {
    if (next) next.textContent = state.selectedOptions[0].text;
    if (wait) wait.closest(".field").hidden = !wait.dataset.forStates.split(" ").includes(state.value);
  };
  state.addEventListener("change", show);
  show();
}

/* Another standard answer comes at once; text that was typed is replaced only if the agent says so. */
function followTemplate(popup) {
  const button = popup.form.querySelector("[data-choose]");
  if (!button) return;
  const select = button.form.elements.template;
  let chosen = select.value;
  button.hidden = true;
  select.addEventListener("change", () => {
    if (popup.form.dataset.textTyped && !confirm(button.dataset.ask)) { select.value = chosen; return; }
    chosen = select.value;
    popup.form.requestSubmit(button);
  });
}

for (const dialog of document.querySelectorAll("dialog[data-modal]")) {
  const popup = new Popup(dialog);
  popup.listen();
  followState(popup.form);
  followTemplate(popup);
  popup.open();
}
