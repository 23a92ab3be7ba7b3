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

/* Another standard answer comes at once; text that was typed is replaced only if the agent says so. */
export function followTemplate(form) {
  const button = form.querySelector("[data-choose]");
  if (!button) return;
  const select = form.elements.template;
  let chosen = select.value;
  button.hidden = true;
  select.addEventListener("change", () => {
    if (form.dataset.textTyped && !confirm(button.dataset.ask)) { select.value = chosen; return; }
    chosen = select.value;
    form.requestSubmit(button);
  });
}
