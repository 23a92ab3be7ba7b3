/*
 * The one start of all scripts: `begin` is called once for each element that fits the selector, for those that
 * came with the page and for those that htmx brings later.
 */
export function behave(selector, begin) {
  const begun = new WeakSet();
  const look = (root) => {
    for (const element of root.querySelectorAll(selector)) {
      if (begun.has(element)) continue;
      begun.add(element);
      begin(element);
    }
  };
  look(document);
  document.addEventListener("htmx:load", (event) => look(event.detail.elt.parentElement ?? document));
}
