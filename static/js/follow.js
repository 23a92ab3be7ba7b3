/* What follows another choice while a form is filled in. */

/* 'Daarna: …' and the date to wait for follow the chosen state. */
export function followState(form) {
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

/*
 * Another standard answer comes at once; text that was typed is replaced only if the agent says so. `textTyped`
 * comes with a form that comes back, else the editor sets it, or this for the plain text field.
 */
export function followTemplate(form) {
  const button = form.querySelector("[data-choose]");
  if (!button) return;
  const select = form.elements.template;
  let chosen = select.value;
  button.hidden = true;
  form.elements.text.addEventListener("input", () => { form.dataset.textTyped = "1"; });
  select.addEventListener("change", () => {
    if (form.dataset.textTyped && !confirm(button.dataset.ask)) { select.value = chosen; return; }
    chosen = select.value;
    form.requestSubmit(button);
  });
}
