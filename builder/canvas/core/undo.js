/**
 * Undo: what this person did, newest last, each with the edits that take it back. Undoing is a new edit.
 *
 * @typedef {import("./edits.js").Edit} Edit
 * @typedef {{ edits: Edit[], inverse: Edit[], gesture: string, at: number }} Done
 * @typedef {{ past: Done[], future: Done[] }} History
 */
import { targets } from "./edits.js";

const DEPTH = 200;
/** Typing on in the same field within this time is one thing done, in milliseconds. */
const TOGETHER = 1200;

/** @type {History} */
export const EMPTY = { past: [], future: [] };

/**
 * Something was done. The same gesture soon after (typing in one field, nudging with the arrows) joins what is there.
 * @param {History} history @param {{ edits: Edit[], inverse: Edit[] }} done @param {string} gesture @param {number} at
 * @returns {History}
 */
export function remember(history, done, gesture, at) {
  const last = history.past.at(-1);
  if (last && gesture && last.gesture === gesture && at - last.at < TOGETHER) {
    const joined = { edits: [...last.edits, ...done.edits], inverse: [...done.inverse, ...last.inverse], gesture, at };
    return { past: [...history.past.slice(0, -1), shortened(joined)], future: [] };
  }
  return { past: [...history.past, { ...done, gesture, at }].slice(-DEPTH), future: [] };
}

/** Of many values of one field only the last forwards and the oldest backwards matter. @param {Done} done @returns {Done} */
function shortened(done) {
  const alike = new Set(done.edits.map((edit) => `${edit.edit} ${targets(edit).join()}`));
  if (alike.size > 1) return done;
  return { ...done, edits: done.edits.slice(-1), inverse: done.inverse.slice(-1) };
}

/** Others changed something: what would overwrite it can no longer be taken back. @param {History} history @param {Edit[]} edits @returns {History} */
export function yieldTo(history, edits) {
  const theirs = new Set(edits.flatMap(targets));
  const gone = new Set(edits.flatMap((edit) => (edit.edit === "remove" ? [edit.id] : [])));
  const mine = (/** @type {Done} */ done) =>
    ![...done.edits, ...done.inverse].some(
      (edit) => targets(edit).some((target) => theirs.has(target)) || ("id" in edit && gone.has(edit.id ?? "")),
    );
  return { past: history.past.filter(mine), future: history.future.filter(mine) };
}
