/* What follows another choice while a form is filled in. */

/* The date to wait for follows the chosen state; it comes into sight where the state is chosen elsewhere. */
export function followState(form) {
  const state = form.querySelector("select[name=state]");
  const wait = form.querySelector("[data-for-states]");
  if (!state || !wait) return;
  const field = wait.closest(".field");
  const show = () => { field.hidden = !wait.dataset.forStates.split(" ").includes(state.value); };
  state.addEventListener("change", () => {
    show();
    if (!field.hidden) field.scrollIntoView({ block: "nearest" });
  });
  show();
}

/* A moment that has a button of its own goes into its field at once; the button says that it is the one. */
export function followMoments(form) {
  const moments = form.querySelector("[data-moments]");
  if (!moments) return;
  const field = form.elements[moments.dataset.moments];
  const show = () => {
    for (const button of moments.children) button.setAttribute("aria-pressed", button.value === field.value);
  };
  moments.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    event.preventDefault();
    field.value = button.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.addEventListener("input", show);
}

/* Who may be chosen follows the chosen queue: those who answer there; before one is chosen, nobody. */
export function followQueue(form) {
  for (const select of form.querySelectorAll("select[data-of-queue]")) {
    const queue = form.elements[select.dataset.ofQueue];
    const [none, ...agents] = select.options;
    const show = () => {
      const answers = ({ dataset: { queues } }) => !queues || queues.split(" ").includes(queue.value);
      const chosen = select.value;
      select.replaceChildren(none, ...(queue.value ? agents.filter(answers) : []));
      select.value = [...select.options].some(({ value }) => value === chosen) ? chosen : "";
      select.disabled = select.options.length === 1;
    };
    queue.addEventListener("change", show);
    show();
  }
}

/* Fields that the chosen queue asks for come with the form, shown again as it is; where no queue asks, nothing. */
export function followFields(form) {
  const button = form.querySelector("[data-asking]");
  if (!button) return;
  const { queue } = form.elements;
  const asks = (id) => id && (button.dataset.asking === "all" || button.dataset.asking.split(" ").includes(id));
  let before = queue.value;
  queue.addEventListener("change", () => {
    if (asks(queue.value) || asks(before)) form.requestSubmit(button);
    before = queue.value;
  });
}

/* What stands below a mail follows the queue that it is from. */
export function followSignature(form) {
  const signatures = form.querySelectorAll("[data-signature]");
  if (!signatures.length) return;
  const { queue } = form.elements;
  queue.addEventListener("change", () => {
    for (const signature of signatures) {
      signature.hidden = !signature.dataset.signature.split(" ").includes(queue.value);
    }
  });
}

/*
 * A confirmation can be asked for where the chosen queue has a text for it, and who is meant an address; a box
 * that is not there is not ticked.
 */
export function followReceipt(form) {
  const box = form.querySelector("[data-for-queues]");
  if (!box) return;
  const { queue } = form.elements;
  const show = () => {
    const hasText = box.dataset.forQueues.split(" ").includes(queue.value);
    box.disabled = !hasText || Boolean(form.querySelector("[data-no-address]"));
    box.closest(".field").hidden = box.disabled;
  };
  queue.addEventListener("change", show);
  form.addEventListener("htmx:afterSwap", show);
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
