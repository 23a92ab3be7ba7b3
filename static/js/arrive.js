/*
 * Whoever has done something reads on at what comes next: the first unread ticket of a list. On another page the
 * message of what was done has the focus already, by its `autofocus`.
 */
import { behave } from "./behave.js";

behave("#meldingen", () => {
  if (!document.querySelector("dialog[open]")) document.querySelector(".is-unread .what__subj")?.focus();
});
