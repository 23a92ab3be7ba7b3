/*
 * Opens a page's <dialog open data-modal> as a real modal. Without this file the same form is simply the page.
 * Focus goes to the errors if there are any, else to the title, and with a mouse at hand on to the first field
 * to type in; under a thumb it does not, so that no keyboard covers what the reader came to read.
 * Typed text is not lost without a question.
 */
for (const dialog of document.querySelectorAll("dialog[data-modal]")) {
  const form = dialog.querySelector("form.dialog__form");
  let changed = false;
  let leaving = false;

  dialog.close();
  dialog.showModal();
  scrollTo(0, 0);
  const errors = dialog.querySelector("[data-focus-error]");
  if (errors) errors.focus();
  else if (matchMedia("(pointer: fine)").matches) {
    queueMicrotask(() => dialog.querySelector("[data-focus]:not([hidden])")?.focus({ preventScroll: true }));
  }

  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    leaving = true;
    form.dataset.sent = "1";
    const button = form.querySelector("[data-submit]");
    button.setAttribute("aria-disabled", "true");
    button.lastChild.textContent = form.dataset.busy;
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  const cancel = () => dialog.querySelector(".dialog__cancel").click();
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); cancel(); });
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest(".dialog__cancel")) return;
    if (changed && !confirm(form.dataset.guard)) event.preventDefault();
    else leaving = true;
  });
  addEventListener("beforeunload", (event) => { if (changed && !leaving) event.preventDefault(); });

  const state = form.querySelector("select[name=state]");
  const next = form.querySelector("[data-next-state]");
  if (state && next) state.addEventListener("change", () => { next.textContent = state.selectedOptions[0].text; });

  const template = form.querySelector("[data-template]");
  template?.addEventListener("change", () => {
    if (changed && !confirm(template.dataset.ask)) return;
    leaving = true;
    template.form.submit();
  });
}
