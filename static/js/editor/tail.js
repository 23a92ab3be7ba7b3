/*
 * The tail of an answer, signature and quotation, is folded where there is no room for it, and where the message
 * that is answered stands beside: then one's own words stand alone. It is a part of the same text all the time,
 * only not drawn, so that it leaves with it. What would change it unseen unfolds it first.
 */
const FOLDED = "is-folded";
const FOLDS = matchMedia("(max-width: 47.99rem), (min-width: 75rem)");

export class Tail {
  /* Of a text that is not shown yet: what stands behind the line to write on. */
  constructor({ host, area, squire }, line) {
    Object.assign(this, { host, area, squire });
    this.fold = host.querySelector("[data-fold]");
    let block = line;
    while (block?.parentElement) block = block.parentElement;
    while ((block = block?.nextElementSibling)) block.dataset.tail = "";
  }

  get first() {
    return this.area.querySelector(":scope > [data-tail]");
  }

  begin() {
    const { fold, host, squire } = this;
    if (!fold || !this.first || !FOLDS.matches) return;
    fold.hidden = false;
    host.classList.add(FOLDED);
    fold.addEventListener("toggle", () => {
      host.classList.toggle(FOLDED, !fold.open);
      if (fold.open) this.first?.scrollIntoView({ block: "nearest" });
    });
    squire.addEventListener("select", ({ detail }) => {
      if (this.first && detail.range.intersectsNode(this.first)) this.unfold();
    });
    host.addEventListener("keydown", ({ key }) => {  // before Squire does it
      if (key === "Delete" && this.isNext()) this.unfold();
    }, { capture: true });
  }

  unfold() {
    this.host.classList.remove(FOLDED);
    if (this.fold) this.fold.open = true;
  }

  /* Whether nothing stands between the cursor and the tail. */
  isNext() {
    if (!this.first) return false;
    const between = this.squire.getSelection().cloneRange();
    between.setEndBefore(this.first);
    return !between.toString().replace(/[\s\u200B]/g, "");
  }
}
