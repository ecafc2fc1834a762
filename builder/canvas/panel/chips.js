/** Text with references as DOM and back: chips are single characters to the cursor, and say the step's title. */
import { parts } from "../core/references.js";

/** Gives the cursor a place beside a chip; never part of the text. */
const REST = "\u200b";

/** @typedef {(path: string[]) => { title: string, field: string, known: boolean }} Words */

/** Writes text into an editor. @param {HTMLElement} root @param {string} text @param {Words} words */
export function write(root, text, words) {
  root.replaceChildren();
  for (const part of parts(text)) {
    if ("text" in part) root.append(part.text);
    else root.append(REST, chip(part.source, part.ref, part.filters, words), REST);
  }
}

/** The text an editor holds. @param {Node} root */
export function read(root) {
  let text = "";
  for (const node of root.childNodes) {
    if (node instanceof HTMLElement && node.dataset.source) text += node.dataset.source;
    else if (node.nodeName === "BR") text += "\n";
    else if (node.nodeType === Node.TEXT_NODE) text += node.textContent;
    else text += (text && !text.endsWith("\n") ? "\n" : "") + read(node);
  }
  return text.replaceAll(REST, "");
}

/** Titles may change while the text stays. @param {HTMLElement} root @param {Words} words */
export function retitle(root, words) {
  for (const element of root.querySelectorAll("[data-source]")) {
    if (!(element instanceof HTMLElement)) continue;
    const [part] = parts(element.dataset.source ?? "");
    if (part && "ref" in part) dress(element, part.ref, part.filters, words);
  }
}

/** Puts a chip where the cursor is, in place of the last `typed` characters. @param {Range} range @param {number} typed @param {string} source @param {Words} words */
export function insert(range, typed, source, words) {
  const [part] = parts(source);
  if (!part || !("ref" in part)) return;
  if (typed && range.startContainer.nodeType === Node.TEXT_NODE) range.setStart(range.startContainer, Math.max(0, range.startOffset - typed));
  range.deleteContents();
  const after = document.createTextNode(REST);
  const pieces = document.createDocumentFragment();
  pieces.append(REST, chip(source, part.ref, part.filters, words), after);
  range.insertNode(pieces);
  const selection = getSelection();
  selection?.removeAllRanges();
  const behind = document.createRange();
  behind.setStart(after, 1);
  selection?.addRange(behind);
}

/** How many characters before the cursor ask for the picker: “{{”, or “/” at the start of a word; 0 for none. @param {Range} range */
export function asked(range) {
  if (range.startContainer.nodeType !== Node.TEXT_NODE) return 0;
  const before = (range.startContainer.textContent ?? "").slice(0, range.startOffset).replaceAll(REST, " ");
  if (before.endsWith("{{")) return 2;
  return /(^|\s)\/$/.test(before) ? 1 : 0;
}

/** @param {string} source @param {string[]} ref @param {string} filters @param {Words} words */
function chip(source, ref, filters, words) {
  const element = document.createElement("span");
  element.className = "gc-chip";
  element.contentEditable = "false";
  element.dataset.source = source;
  dress(element, ref, filters, words);
  return element;
}

/** @param {HTMLElement} element @param {string[]} ref @param {string} filters @param {Words} words */
function dress(element, ref, filters, words) {
  const { title, field, known } = words(ref);
  const text = [title, field].filter(Boolean).join(" › ") + (filters ? ` ${filters}` : "");
  if (element.textContent !== text) element.textContent = text;
  element.classList.toggle("gc-chip--unknown", !known);
  element.title = known ? `{{ ${ref.join(".")} }}` : `There is no step “${ref[0]}”`;
}
