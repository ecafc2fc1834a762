/** What a step may refer to, with what the server knows about each output. */
import { choicesFor } from "../core/references.js";

/** @typedef {import("../core/editor.js").State} State */

/** @param {State} state @param {string} step @param {boolean} [within] a setting that is read inside its container */
export const choicesOf = (state, step, within) => choicesFor(state.sync.document, step, state.check ?? {}, state.types, within);

/** The kind of what a reference names; null when nobody knows it. @param {State} state @param {string} step @param {string[]} path @param {boolean} [within] */
export function kindOf(state, step, path, within) {
  const wanted = path.join(".");
  for (const group of choicesOf(state, step, within)) for (const choice of group.choices) if (choice.path.join(".") === wanted) return choice.kind;
  return null;
}
