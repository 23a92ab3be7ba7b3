/*
 * A mail's frame is as high as its mail, up to 40 rem; then it scrolls. The frame runs no script: the page
 * reads its height, from the body, for the document is never lower than its frame. A fold that opens or closes
 * in it changes that.
 */
import { behave } from "./behave.js";

const MOST = 40 * parseFloat(getComputedStyle(document.documentElement).fontSize);

function fit(frame) {
  const body = frame.contentDocument?.body;
  if (!body) return;
  frame.style.height = `${Math.min(MOST, body.scrollHeight + 2)}px`;
}

behave("iframe.mailframe", (frame) => {
  const watch = () => {
    fit(frame);
    if (frame.contentDocument?.body) new ResizeObserver(() => fit(frame)).observe(frame.contentDocument.body);
  };
  if (frame.contentDocument?.readyState === "complete") watch();
  frame.addEventListener("load", watch);
});
