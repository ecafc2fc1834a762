/**
 * Copy and paste: steps with their words, the edges between them, notes, and where all stood to one another, as text.
 *
 * @typedef {import("./document.js").Document} Document
 * @typedef {import("./edits.js").Add} Add
 * @typedef {import("./edits.js").Note} Note
 * @typedef {import("./edits.js").Edit} Edit
 * @typedef {{ greenlane: "steps", steps: Add[], edges: import("./document.js").Edge[], notes?: Note[] }} Clip
 */
import { holderOf, holders, isContainer, lyingIn } from "./containers.js";
import { NO_WORDS, freshId, from, leaves } from "./document.js";
import { snapped } from "./layout.js";
import { boxOf, noteId } from "./notes.js";
import { renamed } from "./references.js";

/** A container brings what lies inside. @param {Document} document @param {{ steps: string[], notes: string[] }} selection @returns {string} */
export function copied(document, selection) {
  const chosen = new Set(selection.steps.flatMap((id) => [id, ...lyingIn(document, id)]));
  const steps = [...holders(document).keys()].filter((id) => chosen.has(id)).flatMap((id) => {
    const step = document.meaning.steps[id];
    return step ? [{ edit: "add", id, step, words: document.words.steps[id] ?? NO_WORDS, place: document.layout.steps[id] ?? null, size: document.layout.sizes[id] ?? null }] : [];
  });
  const edges = document.meaning.edges.filter((edge) => chosen.has(leaves(edge.from).step) && chosen.has(edge.to));
  const notes = selection.notes.map((id) => ({ edit: "note", id, text: document.words.notes[id] ?? "", box: boxOf(document, id) }));
  return JSON.stringify({ greenlane: "steps", steps, edges, notes });
}

/** Where a clip goes: into the chosen container, unless it is what was copied, else beside what is chosen. @param {Document} document @param {Clip} clip @param {string[]} selected @param {Map<string, import("./document.js").NodeType>} types */
export function pasteInto(document, clip, selected, types) {
  const chosen = selected.at(-1) ?? "";
  const own = clip.steps.some((each) => each.id === chosen);
  return selected.length === 1 && !own && isContainer(types.get(document.meaning.steps[chosen]?.type ?? "")) ? chosen : holderOf(document, chosen);
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
 * @param {Document} document @param {Clip} clip @param {{ at?: [number, number], by?: [number, number], inside?: string }} where
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
  const outer = clip.steps.filter((step) => !names.has(step.step.inside ?? ""));
  const left = Math.min(...outer.map((step) => step.place?.[0] ?? 0), ...written.map((note) => note.box?.x ?? 0));
  const top = Math.min(...outer.map((step) => step.place?.[1] ?? 0), ...written.map((note) => note.box?.y ?? 0));
  const [dx, dy] = where.at ? [where.at[0] - left, where.at[1] - top] : (where.by ?? [40, 40]);
  /** @type {Edit[]} */
  const edits = clip.steps.map((add) => {
    const [x, y] = add.place ?? [0, 0];
    const within = names.get(add.step.inside ?? "");
    const inside = within ?? where.inside ?? "";
    const { inside: _, ...step } = add.step;
    const fields = types?.get(add.step.type)?.fields ?? [];
    return {
      ...add,
      edit: "add",
      id: names.get(add.id),
      step: { ...step, ...(inside ? { inside } : {}), settings: { ...loopVariables(renamed(add.step.settings, names), fields, names), ...codeOf(add.step, types) } },
      place: within ? [x, y] : [snapped(x + dx), snapped(y + dy)],
      edges: [],
    };
  });
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

/** Settings where what names a variable of a pasted loop names that of the copy. @param {Record<string, any>} settings @param {import("./document.js").FieldSpec[]} fields @param {Map<string, string>} names @returns {Record<string, any>} */
function loopVariables(settings, fields, names) {
  /** @type {(values: any, specs: import("./document.js").FieldSpec[]) => any} */
  const changed = (values, specs) => {
    const found = { ...values };
    for (const spec of specs) {
      const value = found[spec.name];
      if (spec.control === "variable" && typeof value === "string") {
        const [loop = "", ...rest] = value.split(".");
        if (rest.length && names.has(loop)) found[spec.name] = [names.get(loop), ...rest].join(".");
      }
      if (spec.control === "rows" && !spec.item && Array.isArray(value)) found[spec.name] = value.map((row) => changed(row, spec.fields ?? []));
    }
    return found;
  };
  return changed(settings, fields);
}
