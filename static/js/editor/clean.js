/*
 * What is pasted or loaded into the editor is cleaned before it touches the page; the server cleans again.
 * What a quoted mail would load from elsewhere is put to sleep while it is edited: the page's policy forbids
 * it, and the sender need not know that we are answering. It wakes when the text is read out again.
 */
import { undress, undressNew } from "./paste.js";

const OPTIONS = {
  ALLOW_DATA_ATTR: false,
  ALLOW_UNKNOWN_PROTOCOLS: false,
  ADD_ATTR: ["data-here", "data-upload", "data-attachment", "data-asleep-src", "data-asleep-style", "data-asleep-background",
    "target"],
  FORBID_TAGS: ["style", "form", "input", "button", "textarea", "select", "iframe", "object", "embed", "svg",
    "math", "audio", "video", "source", "picture", "link", "meta"],
  FORBID_ATTR: ["srcset", "id", "name"],
  RETURN_DOM_FRAGMENT: true,
};
const ASLEEP = "data-asleep-";
const MOST_NAME = 80;
const OURS = /^\s*(?:data:image\/|\/(?!\/))/i;
const REMOTE_STYLE = /url\(\s*["']?\s*(?:https?:)?\/\//i;

function isRemote(name, value) {
  if (name === "style") return REMOTE_STYLE.test(value);
  return (name === "src" || name === "background") && !OURS.test(value);
}

/* Attributes are set anew, all of them, so that they keep their order. */
function rename(element, newName) {
  const all = [...element.attributes].map(({ name, value }) => [newName(name, value), value]);
  for (const { name } of [...element.attributes]) element.removeAttribute(name);
  for (const [name, value] of all) element.setAttribute(name, value);
}

function putToSleep(fragment) {
  for (const element of fragment.querySelectorAll("[src], [style], [background]")) {
    if ([...element.attributes].some(({ name, value }) => isRemote(name, value))) {
      rename(element, (name, value) => (isRemote(name, value) ? ASLEEP + name : name));
    }
  }
}

/* The classes of this page are not for mails, and nothing may be laid over the page. */
function keepInPlace(fragment) {
  for (const element of fragment.querySelectorAll("[class]:not([class=quoteline])")) element.removeAttribute("class");
  for (const element of fragment.querySelectorAll("[style*=position i], [style*=z-index i]")) {
    element.style.removeProperty("position");
    element.style.removeProperty("z-index");
  }
}

/* An image that sleeps says so, by its own words or its name; what it said itself is kept for `unbox`. */
export function box(fragment, word) {
  for (const image of fragment.querySelectorAll(`img[${ASLEEP}src]`)) {
    const said = image.getAttribute("alt");
    const name = said?.trim() || image.getAttribute(`${ASLEEP}src`).split(/[?#]/)[0].split("/").at(-1);
    image.dataset.blocked = said === null ? "" : `=${said}`;
    image.setAttribute("alt", name ? `${word}: ${name.slice(0, MOST_NAME)}` : word);
  }
}

function unbox(image) {
  const { blocked } = image.dataset;
  image.removeAttribute("data-blocked");
  if (blocked) image.setAttribute("alt", blocked.slice(1));
  else image.removeAttribute("alt");
}

function instead(element, tag) {
  const other = document.createElement(tag);
  other.append(...element.childNodes);
  element.replaceWith(other);
  return other;
}

/* What the server marked for the writer to look at; Squire knows no `mark`, and would take it apart. */
function takeMarks(fragment) {
  for (const mark of fragment.querySelectorAll("mark")) {
    if (!mark.closest("blockquote")) instead(mark, "data").dataset.mark = "";
  }
}

/* HTML → a fragment of this page, clean and loading nothing from elsewhere. */
export function clean(html) {
  const fragment = window.DOMPurify.sanitize(html, OPTIONS);
  takeMarks(fragment);
  putToSleep(fragment);
  keepInPlace(fragment);
  return document.importNode(fragment, true);
}

/* The same of what comes from a clipboard, or is dropped. */
export function cleanPasted(html) {
  const fragment = undress(window.DOMPurify.sanitize(html, OPTIONS));
  putToSleep(fragment);
  return document.importNode(fragment, true);
}

/* The styles of a fragment that is loaded into the editor. */
export function stylesOf(fragment) {
  return new Set([...fragment.querySelectorAll("[style]")].map((element) => element.getAttribute("style")));
}

/*
 * The editor's HTML → the HTML to send, where `known` are the styles it came with, and `chosen` what its menus
 * have. It is parsed apart, where nothing is loaded.
 */
export function wake(html, known, chosen) {
  const apart = new DOMParser().parseFromString(`<body>${html}`, "text/html");
  undressNew(apart.body, known, chosen);
  for (const element of apart.body.querySelectorAll("[data-tail]")) element.removeAttribute("data-tail");
  for (const mark of apart.body.querySelectorAll("data[data-mark]")) instead(mark, "mark");
  for (const image of apart.body.querySelectorAll("[data-blocked]")) unbox(image);
  for (const element of apart.body.querySelectorAll("*")) {
    if ([...element.attributes].some(({ name }) => name.startsWith(ASLEEP))) {
      rename(element, (name) => (name.startsWith(ASLEEP) ? name.slice(ASLEEP.length) : name));
    }
  }
  return apart.body.innerHTML;
}
