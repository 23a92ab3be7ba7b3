/*
 * What a person types as the address of a link → an address that a mail may have (see `richtext/clean.py`):
 * of a page, to which https:// is put in front where it is missing, a mail address, a telephone number.
 */
const MAIL = /^[^\s/@:?#]+@[^\s/@:?#]+\.[^\s/@:?#]+$/;
const SCHEME = /^[a-z][a-z0-9+.-]*:(?!\d+(?:[/?#]|$))/i;  // not the port of 'host:8000/page'

/* Whether it is a host as the world names them, or this machine. */
const isHost = (name) => /^[^.]+(?:\.[^.]+)+\.?$/.test(name) || name === "localhost" || name.startsWith("[");

/* The address; "" where nothing was typed, null where it can lead nowhere. */
export function linkOf(typed) {
  // The beginning stands there already: who pastes a whole address behind it has it twice.
  const text = typed.trim().replace(/^(?:https?:\/\/)+(?=[a-z]+:)/i, "");
  const bare = text.replace(/^(?:https?:)?\/*/i, "").trim();
  if (!bare) return "";
  if (/\s/.test(bare)) return null;
  if (/^(?:mailto|tel):./i.test(text)) return text;
  if (MAIL.test(bare)) return `mailto:${bare}`;
  if (SCHEME.test(bare)) return null;
  const address = (/^http:/i.test(text) ? "http://" : "https://") + bare;
  return URL.canParse(address) && isHost(new URL(address).hostname) ? address : null;
}
