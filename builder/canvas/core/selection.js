/**
 * Selection: which steps, edges and notes are chosen, and how the arrow keys walk from step to step.
 *
 * @typedef {import("./document.js").Document} Document
 * @typedef {{ steps: string[], edges: string[], notes: string[] }} Selection
 * @typedef {"left" | "right" | "up" | "down"} Direction
 */
import { holders, onDrawing } from "./containers.js";
import { edgeKey } from "./document.js";
import { CARD } from "./layout.js";
import { nodeOf } from "./notes.js";

/** @type {Selection} */
export const NOTHING = { steps: [], edges: [], notes: [] };

/** @param {string} id @returns {Selection} */
export const only = (id) => ({ ...NOTHING, steps: [id] });

/** @param {string} id @returns {Selection} */
export const onlyNote = (id) => ({ ...NOTHING, notes: [id] });

/** @param {Selection} selection */
export const isNothing = ({ steps, edges, notes }) => !steps.length && !edges.length && !notes.length;

/** @param {Document} document @returns {Selection} */
export const everything = (document) => ({ steps: Object.keys(document.meaning.steps), edges: [], notes: Object.keys(document.words.notes) });

/** What of a selection still exists. @param {Selection} selection @param {Document} document @returns {Selection} */
export function remaining(selection, document) {
  const edges = new Set(document.meaning.edges.map(edgeKey));
  const left = {
    steps: selection.steps.filter((id) => document.meaning.steps[id]),
    edges: selection.edges.filter((key) => edges.has(key)),
    notes: selection.notes.filter((id) => Object.hasOwn(document.words.notes, id)),
  };
  const same = left.steps.length === selection.steps.length && left.edges.length === selection.edges.length && left.notes.length === selection.notes.length;
  return same ? selection : left;
}

/** The nearest step in a direction; sideways distance counts double. @param {Document} document @param {string} id @param {Direction} direction */
export function neighbour(document, id, direction) {
  const places = onDrawing(document);
  const [x, y] = places[id] ?? [0, 0];
  let best = null;
  let least = Infinity;
  for (const [other, [ox, oy]] of Object.entries(places)) {
    if (other === id || !document.meaning.steps[other]) continue;
    const [dx, dy] = [ox - x, oy - y];
    const along = { left: -dx, right: dx, up: -dy, down: dy }[direction];
    const aside = Math.abs(direction === "left" || direction === "right" ? dy : dx);
    const distance = along + 2 * aside;
    if (along > 0 && distance < least) [best, least] = [other, distance];
  }
  return best;
}

/** The steps in reading order, as Tab walks them: from left to right, in a column from top to bottom; what lies in a container right after it. @param {Document} document */
export function readingOrder(document) {
  const column = (/** @type {string} */ id) => Math.round((document.layout.steps[id]?.[0] ?? 0) / (CARD.w / 2));
  const within = holders(document);
  /** @type {(outer: string) => string[]} */
  const told = (outer) => {
    const ids = [...within].filter(([, each]) => each === outer).map(([id]) => id);
    return ids.sort((a, b) => column(a) - column(b) || (document.layout.steps[a]?.[1] ?? 0) - (document.layout.steps[b]?.[1] ?? 0)).flatMap((id) => [id, ...told(id)]);
  };
  return told("");
}

/** The next (or previous) step in reading order, after all steps the notes; null at the end, so that Tab can leave the canvas. @param {Document} document @param {string | undefined} id @param {1 | -1} by */
export function following(document, id, by) {
  const order = [...readingOrder(document), ...Object.keys(document.words.notes).map(nodeOf)];
  if (id === undefined) return order.at(by > 0 ? 0 : -1) ?? null;
  return order[order.indexOf(id) + by] ?? null;
}
