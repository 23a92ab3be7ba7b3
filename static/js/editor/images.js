/*
 * Images in the text: pasted, dropped or chosen. Each is kept by the server at once and shown from there, so
 * that it is still there when the form comes back. Other files that are dropped become attachments.
 */
import { busyWith, isBusy } from "../busy.js";
import { send, sentenceOf } from "../token.js";

const TYPES = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const REFUSED = [413, 422];

export class Images {
  constructor(editor) {
    this.editor = editor;
    this.squire = editor.squire;
    this.host = editor.host;
    this.form = editor.form;
    this.button = this.host.querySelector("[data-do=image]");
    this.chooser = Object.assign(document.createElement("input"), { type: "file", accept: TYPES.join() });
    this.chooser.addEventListener("change", () => { this.add([...this.chooser.files]); this.chooser.value = ""; });
    this.squire.addEventListener("pasteImage", (event) => {
      this.add([...(event.detail.clipboardData?.files ?? [])]);
    });
    editor.area.addEventListener("dragover", (event) => this.catch(event));
    editor.area.addEventListener("drop", (event) => this.catch(event));
  }

  choose() {
    this.chooser.click();
  }

  catch(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type !== "drop") return;
    const files = [...event.dataTransfer.files];
    if (files.every((file) => TYPES.includes(file.type))) this.add(files);
    else this.form.querySelector("[data-uploads]").dispatchEvent(new DragEvent("drop", { dataTransfer: event.dataTransfer }));
  }

  /* The button of images says that it is busy, not the whole editor: one goes on writing meanwhile. */
  add(files) {
    if (!isBusy(this.button)) this.editor.complain("");
    busyWith(this.button, () => this.insert(files));
  }

  /* Gives whether all of them stand in the text. */
  async insert(files) {
    let all = true;
    for (const file of files) {
      try {
        const { id, address } = await this.upload(file);
        this.squire.insertImage(address, { "data-upload": id, alt: file.name });
      } catch (error) {
        this.editor.complain(error.sentence ?? this.host.dataset.failed);
        all = false;
      }
    }
    return all;
  }

  async upload(file) {
    const data = new FormData();
    data.append("submission", this.form.elements.submission.value);
    data.append("image", file);
    const answer = await send(this.form, this.host.dataset.image, data);
    if (REFUSED.includes(answer.status)) {
      const sentence = await sentenceOf(answer, this.host.dataset.tooBig);
      throw Object.assign(new Error("refused"), { sentence });
    }
    if (!answer.ok || answer.redirected) throw new Error("failed");
    return answer.json();
  }
}
