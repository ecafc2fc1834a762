/**
 * Copy and paste: steps with their words, the edges between them, notes, and where all stood to one another, as text.
 *
 * @typedef {import("./document.js").Document} Document
 * @typedef {import("./edits.js").Add} Add
 * @typedef {import("./edits.js").Note} Note
 * @typedef {import("./edits.js").Edit} Edit
 * @typedef {{ greenlane: "steps", steps: Add[], edges: import("./document.js").Edge[], notes?: Note[] }} Clip
 */
import { NO_WORDS, freshId, from, leaves } from "./document.js";
import { snapped } from "./layout.js";
import { boxOf, noteId } from "./notes.js";
import { renamed } from "./references.js";

/** @param {Document} document @param {{ steps: string[], notes: string[] }} selection @returns {string} */
export function copied(document, selection) {
  const chosen = new Set(selection.steps);
  const steps = selection.steps.flatMap((id) => {
    const step = document.meaning.steps[id];
    return step ? [{ edit: "add", id, step, words: document.words.steps[id] ?? NO_WORDS, place: document.layout.steps[id] ?? null }] : [];
  });
  const edges = document.meaning.edges.filter((edge) => chosen.has(leaves(edge.from).step) && chosen.has(edge.to));
  const notes = selection.notes.map((id) => ({ edit: "note", id, text: document.words.notes[id] ?? "", box: boxOf(document, id) }));
  return JSON.stringify({ greenlane: "steps", steps, edges, notes });
}

/** What a text holds when it was copied here; null for any other text. @param {string} text @returns {Clip | null} */
export function clipOf(text) {
  try {
    const clip = JSON.parse(text);
    return clip?.greenlane === "steps" && Array.isArray(clip.steps) && Array.isArray(clip.edges) ? clip : null;
  } catch {
    return null;
  }
}

/**
 * The edits that paste a clip: new ids, references between pasted steps follow them, moved by `by` or to `at`.
 * @param {Document} document @param {Clip} clip @param {{ at?: [number, number], by?: [number, number] }} where
 * @param {Map<string, import("./document.js").NodeType>} [types] code is pasted as it is: braces in it are no references
 * @returns {{ edits: Edit[], ids: string[], notes: string[] }}
 */
export function pasted(document, clip, where, types) {
  const written = clip.notes ?? [];
  const taken = new Set(Object.keys(document.meaning.steps));
  const names = new Map();
  for (const step of clip.steps) {
    const id = freshId(taken, step.id.replace(/_\d+$/, ""));
    taken.add(id);
    names.set(step.id, id);
  }
  const xs = clip.steps.map((step) => step.place?.[0] ?? 0);
  const ys = clip.steps.map((step) => step.place?.[1] ?? 0);
  const left = Math.min(...xs, ...written.map((note) => note.box?.x ?? 0));
  const top = Math.min(...ys, ...written.map((note) => note.box?.y ?? 0));
  const [dx, dy] = where.at ? [where.at[0] - left, where.at[1] - top] : (where.by ?? [40, 40]);
  /** @type {Edit[]} */
  const edits = clip.steps.map((add, index) => ({
    ...add,
    edit: "add",
    id: names.get(add.id),
    step: { ...add.step, settings: { ...renamed(add.step.settings, names), ...codeOf(add.step, types) } },
    place: [snapped((xs[index] ?? 0) + dx), snapped((ys[index] ?? 0) + dy)],
    edges: [],
  }));
  for (const edge of clip.edges) {
    const { step, exit } = leaves(edge.from);
    edits.push({ edit: "connect", edge: { from: from(names.get(step), exit), to: names.get(edge.to) } });
  }
  const notes = written.map((note) => {
    const id = noteId(document);
    edits.push({ ...note, edit: "note", id, box: note.box ? { ...note.box, x: snapped(note.box.x + dx), y: snapped(note.box.y + dy) } : null });
    return id;
  });
  return { edits, ids: [...names.values()], notes };
}

/** The code of a step. @param {import("./document.js").Step} step @param {Map<string, import("./document.js").NodeType>} [types] */
function codeOf(step, types) {
  const fields = types?.get(step.type)?.fields ?? [];
  return Object.fromEntries(fields.filter((field) => field.control === "code" && field.name in step.settings).map((field) => [field.name, step.settings[field.name]]));
}
