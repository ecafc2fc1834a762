/**
 * Notes on the canvas: what is written beside the steps, for people only. Nothing here changes what runs.
 *
 * @typedef {import("./document.js").Document} Document
 * @typedef {import("./document.js").Box} Box
 * @typedef {import("./edits.js").Edit} Edit
 */
import { onDrawing } from "./containers.js";
import { CARD, GRID, overlap, snapped } from "./layout.js";

/** The colours a note can have, as the tones of the design system are called, with their words. */
export const COLORS = /** @type {const} */ ([["amber", "Yellow"], ["blue", "Blue"], ["teal", "Teal"], ["violet", "Violet"], ["red", "Red"], ["grey", "Grey"]]);

/** A new note, and the least a note can be. */
export const SIZE = { w: 240, h: 120 };
export const LEAST = { w: 6 * GRID, h: 3 * GRID };
/** While somebody writes, a note grows with its text up to here, in pixels; beyond, it scrolls. */
export const GROWS = 18 * GRID;
export const LONGEST = 10_000;

/** In React Flow steps and notes share one list; no step can be called so. @param {string} id */
export const nodeOf = (id) => `note:${id}`;

/** The note a node of React Flow stands for, null for a step. @param {string} node */
export const noteOf = (node) => (node.startsWith("note:") ? node.slice(5) : null);

/** An id nobody has, nor is giving at this moment in another browser. @param {Document} document @param {() => number} [random] @returns {string} */
export function noteId(document, random = Math.random) {
  const id = `note_${random().toString(36).slice(2, 8)}`;
  return Object.hasOwn(document.words.notes, id) ? noteId(document) : id;
}

/** Where a note lies; one that no box was ever given to lies under the others, left of all steps. @param {Document} document @param {string} id @returns {Box} */
export function boxOf(document, id) {
  const box = document.layout.notes[id];
  if (box) return box;
  const lost = Object.keys(document.words.notes).filter((each) => !document.layout.notes[each]);
  const left = Math.min(0, ...Object.values(document.layout.steps).map(([x]) => x));
  return { ...SIZE, x: snapped(left - SIZE.w - 3 * GRID), y: lost.indexOf(id) * (SIZE.h + GRID), color: "amber" };
}

/** So far from the point it was asked for a new note may lie, in pixels, where something lies there already. */
const ASIDE = 16 * GRID;

/**
 * A new, empty note around a point, or as near above or below it as there is nothing yet; on top of things, before it is out of sight.
 * @param {Document} document @param {[number, number]} middle @param {Record<string, import("./layout.js").Size>} [sizes] @param {() => number} [random]
 * @returns {{ edits: Edit[], id: string }}
 */
export function addNote(document, [x, y], sizes = {}, random) {
  const id = noteId(document, random);
  const [left, top] = [snapped(x - SIZE.w / 2), snapped(y - SIZE.h / 2)];
  const steps = Object.entries(onDrawing(document)).map(([step, [sx, sy]]) => ({ x: sx, y: sy, ...(sizes[step] ?? CARD) }));
  const notes = Object.keys(document.words.notes).map((note) => boxOf(document, note));
  const free = (/** @type {number} */ by) => ![...steps, ...notes].some((each) => overlap({ x: left, y: top + by, ...SIZE }, each, GRID));
  const [by] = [...Array(1 + (2 * ASIDE) / GRID).keys()].map((index) => (index % 2 ? 1 : -1) * Math.ceil(index / 2) * GRID).filter(free);
  const shift = by === undefined ? notes.filter((each) => overlap({ x: left, y: top, ...SIZE }, each)).length * GRID : 0;
  return { id, edits: [{ edit: "note", id, text: "", box: { ...SIZE, x: left + shift, y: top + (by ?? shift), color: "amber" } }] };
}

/** The text of a note, as much of it as a document takes; null takes the note away. @param {string} id @param {string | null} text @returns {Edit[]} */
export const written = (id, text) => [{ edit: "note", id, text: text === null ? null : text.slice(0, LONGEST), box: null }];

/** @param {Document} document @param {string} id @param {Partial<Box>} change @returns {Edit[]} */
export const laid = (document, id, change) => [{ edit: "lay", boxes: { [id]: { ...boxOf(document, id), ...change } } }];

/** A size as a hand may pull it: on the grid, never too small to take hold of. @param {{ w: number, h: number }} wish */
export const sized = ({ w, h }) => ({ w: Math.max(LEAST.w, snapped(w)), h: Math.max(LEAST.h, snapped(h)) });

/** What a note is called where it cannot be seen: its first line, shortened. @param {string} text */
export function called(text) {
  const line = text.split("\n").find((each) => each.trim())?.trim() ?? "";
  return line ? `Note: ${line.length > 60 ? `${line.slice(0, 59)}…` : line}` : "Empty note";
}
