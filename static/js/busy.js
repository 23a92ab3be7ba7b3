/*
 * What goes on in a form while it is filled in, as a file on its way: what it happens in is `aria-busy`, and
 * the form that is sent waits for it (see `dialog.js`).
 */
const BUSY = "[aria-busy=true]";
const FAILED = "kvv:failed";
const going = new WeakMap();

/* Mark an element while something is done, also where several are at once; `work` says whether it succeeded. */
export async function busyWith(element, work) {
  going.set(element, (going.get(element) ?? 0) + 1);
  element.setAttribute("aria-busy", "true");
  let succeeded = false;
  try {
    succeeded = await work();
  } finally {
    if (!succeeded) element.dispatchEvent(new CustomEvent(FAILED, { bubbles: true }));
    going.set(element, going.get(element) - 1);
    if (!going.get(element)) element.removeAttribute("aria-busy");
  }
}

/* Whether an element is busy, or something in it. */
export const isBusy = (element) => element.matches(BUSY) || element.querySelector(BUSY) !== null;

/* Wait until nothing in a busy form is busy any more; tells whether all of it succeeded. */
export function quiet(form) {
  let succeeded = true;
  const fail = () => { succeeded = false; };
  form.addEventListener(FAILED, fail);
  return new Promise((done) => {
    const observer = new MutationObserver(() => {
      if (isBusy(form)) return;
      observer.disconnect();
      form.removeEventListener(FAILED, fail);
      done(succeeded);
    });
    observer.observe(form, { subtree: true, attributeFilter: ["aria-busy"] });
  });
}
