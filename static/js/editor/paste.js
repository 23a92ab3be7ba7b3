/*
 * What is pasted or dropped keeps what it means, bold, lists, links, tables, and not how it looked: a browser
 * copies every colour, ground, font and box of the page it stood on, of this page by night, too, and they
 * would be sent to somebody who reads by day.
 */
const KEPT = {
  A: ["href"], IMG: ["src", "alt", "width", "height", "data-upload", "data-attachment"], LI: ["value"],
  OL: ["start", "type", "reversed"], TD: ["colspan", "rowspan"], TH: ["colspan", "rowspan", "scope"],
};
const ALWAYS = ["dir", "lang"];
const DRESS = "b, strong, i, em, cite, u, ins, s, strike, del, font, span, big, small, mark";
const LEAST_BOLD = 600;
const FIXED_WIDTH = /mono|courier|consolas|menlo/i;

const isBold = (weight) => weight.startsWith("bold") || parseInt(weight, 10) >= LEAST_BOLD;
/*
 * A tag, elements that mean it, elements in which it goes without saying, and what a style says of it, undefined
 * for nothing.
 */
const MEANINGS = [
  ["b", "b, strong", "th, h1, h2, h3, h4, h5, h6", ({ fontWeight }) => fontWeight ? isBold(fontWeight) : undefined],
  ["i", "i, em, cite", "address", ({ fontStyle }) => fontStyle ? fontStyle !== "normal" : undefined],
  ["u", "u, ins", "a", ({ textDecorationLine }) => textDecorationLine.includes("underline") || undefined],
  ["s", "s, strike, del", "", ({ textDecorationLine }) => textDecorationLine.includes("line-through") || undefined],
];

/* Whether a text means it: the innermost element that says something of it decides. */
function means(text, [, elements, anyway, said], root) {
  if (anyway && text.parentElement.closest(anyway)) return false;
  for (let element = text.parentElement; element !== root; element = element.parentElement) {
    const says = said(element.style);
    if (says !== undefined) return says;
    if (element.matches(elements)) return true;
  }
  return false;
}

/* Whether the line ends of a text are lines: in an article of this page, and where its style says so. */
function hasLines(text) {
  const pre = text.parentElement.closest("pre, [style*=white-space i]");
  return Boolean(pre) && (pre.tagName === "PRE" ? isProse(pre) : pre.style.whiteSpace.startsWith("pre"));
}

/* Whether a `pre` is a text that was only laid out so, as an article of this page is. */
function isProse(pre) {
  const { fontFamily } = pre.style;
  return pre.classList.contains("mailtext") || Boolean(fontFamily && !FIXED_WIDTH.test(fontFamily));
}

function textsOf(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  return texts;
}

/* A picture of our own page: neither the form's nor the mail's, so that it can't be sent. */
function isOurs(image) {
  if (image.dataset.upload || image.dataset.attachment) return false;
  const address = image.getAttribute("src") ?? "";
  return !URL.canParse(address, location.href) || new URL(address, location.href).origin === location.origin;
}

function strip(element) {
  const kept = [...ALWAYS, ...(KEPT[element.tagName] ?? [])];
  for (const { name } of [...element.attributes]) if (!kept.includes(name)) element.removeAttribute(name);
}

/* The text in elements of what it means, its lines as lines. */
function write(text, meant, lines) {
  const pieces = lines ? text.data.split("\n") : [text.data];
  const outermost = document.createDocumentFragment();
  let inner = outermost;
  for (const tag of meant) {
    const around = document.createElement(tag);
    inner.append(around);
    inner = around;
  }
  inner.append(...pieces.flatMap((line, place) => (place ? [document.createElement("br"), line] : [line])));
  text.replaceWith(outermost);
}

/* Takes the dress off a fragment that is clean already. */
export function undress(fragment) {
  const root = document.createElement("div");
  root.append(fragment);
  for (const image of root.querySelectorAll("img")) if (isOurs(image)) image.remove();
  const texts = textsOf(root).map((text) => {
    const meant = text.data.trim() ? MEANINGS.filter((meaning) => means(text, meaning, root)) : [];
    return [text, meant.map(([tag]) => tag), hasLines(text)];
  });
  for (const pre of root.querySelectorAll("pre")) {
    if (!isProse(pre)) continue;
    const paragraph = document.createElement("p");
    paragraph.append(...pre.childNodes);
    pre.replaceWith(paragraph);
  }
  for (const element of root.querySelectorAll(DRESS)) element.replaceWith(...element.childNodes);
  for (const element of root.querySelectorAll("*")) strip(element);
  for (const [text, meant, lines] of texts) write(text, meant, lines);
  fragment.append(...root.childNodes);
  return fragment;
}

/*
 * The same for what the browser itself dressed while the text was edited; what the form came with is left, and
 * what was chosen for it, declaration by declaration.
 */
export function undressNew(root, known, chosen) {
  for (const element of root.querySelectorAll("[style]:not(img)")) {
    if (element.closest("blockquote[type=cite]") || known.has(element.getAttribute("style"))) continue;
    const { style } = element;
    const kept = [...style].map((name) => `${name}: ${style.getPropertyValue(name)}`).filter((each) => chosen.has(each));
    if (kept.length) element.setAttribute("style", kept.join("; "));
    else element.removeAttribute("style");
  }
}
