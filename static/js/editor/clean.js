/* What is pasted or loaded into the editor is cleaned before it touches the page; the server cleans again. */
const OPTIONS = {
  ALLOW_UNKNOWN_PROTOCOLS: false,
  ADD_ATTR: ["data-upload", "data-attachment"],
  FORBID_TAGS: ["style", "form", "input", "button", "textarea", "select", "iframe", "object", "embed", "svg", "math"],
  RETURN_DOM_FRAGMENT: true,
  WHOLE_DOCUMENT: false,
};

export function clean(html) {
  const fragment = window.DOMPurify.sanitize(html, OPTIONS);
  return document.importNode(fragment, true);
}
