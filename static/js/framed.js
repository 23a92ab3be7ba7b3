/*
 * A form that stands in a frame on another site tells that site how high it is, and no other: frame-size.js
 * there makes the frame as high.
 */
import { behave } from "./behave.js";

// A browser gives no focus by itself to what stands in a frame of another site.
behave("[data-origins] :is([role=alert], [data-told])", (told) => {
  if (!document.activeElement?.matches("[role=alert]")) told.focus();
});

behave("[data-origins]", (page) => {
  if (window.parent === window) return;
  document.body.classList.add("is-framed");
  const allowed = page.dataset.origins.split(" ");
  const around = window.location.ancestorOrigins?.[0];
  const targets = around ? allowed.filter((origin) => origin === around) : allowed;
  const tell = () => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    for (const origin of targets) window.parent.postMessage({ kvvHeight: height }, origin);
  };
  new ResizeObserver(tell).observe(document.body);
  tell();
});
