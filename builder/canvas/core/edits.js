/**
 * Edits: the closed set of changes to a document, applied by one pure function with an inverse.
 * The same meaning as runtime/graph/applying.py; tests/canvas/edits.json holds both to it.
 *
 * @typedef {import("./document.js").Document} Document
 * @typedef {import("./document.js").Edge} Edge
 * @typedef {import("./document.js").Step} Step
 * @typedef {import("./document.js").StepWords} StepWords
 * @typedef {import("./document.js").Label} Label
 * @typedef {import("./document.js").Place} Place
 * @typedef {import("./document.js").Extent} Extent
 *
 * @typedef {{ edit: "add", id: string, step: Step, words?: StepWords, place?: Place | null, size?: Extent | null, edges?: Edge[] }} Add
 * @typedef {{ edit: "remove", id: string }} Remove
 * @typedef {{ edit: "move", places: Record<string, Place | null> }} Move
 * @typedef {{ edit: "enclose", inside?: string, places: Record<string, Place | null> }} Enclose
 * @typedef {{ edit: "resize", sizes: Record<string, Extent | null> }} Resize
 * @typedef {{ edit: "handle", id: string, on_failure: import("./document.js").OnFailure }} Handle
 * @typedef {{ edit: "connect", edge: Edge }} Connect
 * @typedef {{ edit: "disconnect", edge: Edge }} Disconnect
 * @typedef {{ edit: "configure", id: string, field: string, value?: any, unset?: boolean }} Configure
 * @typedef {{ edit: "rename", id?: string | null, title: string }} Rename
 * @typedef {{ edit: "describe", id?: string | null, text: string }} Describe
 * @typedef {{ edit: "label", id: string, part: string, label?: Label | null }} Relabel
 * @typedef {{ edit: "note", id: string, text?: string | null, box?: import("./document.js").Box | null }} Note
 * @typedef {{ edit: "lay", boxes: Record<string, import("./document.js").Box | null> }} Lay
 * @typedef {{ edit: "declare", of?: "variables" | "conversation", name: string, variable?: import("./document.js").Variable | null }} Declare
 * @typedef {{ edit: "limit", run: import("./document.js").RunSettings }} Limit
 * @typedef {Add | Remove | Move | Enclose | Resize | Connect | Disconnect | Configure | Handle | Rename | Describe | Relabel | Note | Lay | Declare | Limit} Edit
 * @typedef {{ document: Document, inverse: Edit[] }} Applied
 */
import { FAILING, NO_WORDS, leaves, sameEdge, shortest } from "./document.js";
import { lyingIn } from "./containers.js";

/** The edit does not fit the document (any more); says why. */
export class EditError extends Error {}

/** Words that stand for something else in references. */
const RESERVED = ["variables", "conversation", "run"];

/**
 * The document with the edit applied, and the edits that take it back; the document that came in stays as it was.
 * Adding an edge that is there and taking away what is gone change nothing: two people may do the same.
 * @param {Document} document @param {Edit} edit @returns {Applied}
 */
export function apply(document, edit) {
  switch (edit.edit) {
    case "add":
      return add(document, edit);
    case "remove":
      return remove(document, edit);
    case "move":
      return move(document, edit);
    case "enclose":
      return enclose(document, edit);
    case "resize":
      return resize(document, edit);
    case "connect":
      return connect(document, shortest(edit.edge));
    case "disconnect":
      return disconnect(document, edit.edge);
    case "configure":
      return configure(document, edit);
    case "handle":
      return handle(document, edit);
    case "rename":
      return rename(document, edit);
    case "describe":
      return describe(document, edit);
    case "label":
      return relabel(document, edit);
    case "note":
      return note(document, edit);
    case "lay":
      return lay(document, edit);
    case "declare": {
      const of = edit.of ?? "variables";
      const declared = document.meaning[of];
      const after = edit.variable ? { ...declared, [edit.name]: edit.variable } : without(declared, edit.name);
      return { document: meaning(document, { [of]: after }), inverse: [{ edit: "declare", of, name: edit.name, variable: declared[edit.name] ?? null }] };
    }
    case "limit":
      return { document: meaning(document, { run: edit.run }), inverse: [{ edit: "limit", run: document.meaning.run }] };
  }
}

/** All edits in turn, or none: the first impossible one throws. The inverse takes back the last one first. @param {Document} document @param {Edit[]} edits @returns {Applied} */
export function applyAll(document, edits) {
  /** @type {Edit[]} */
  let inverse = [];
  for (const edit of edits) {
    const done = apply(document, edit);
    document = done.document;
    inverse = [...done.inverse, ...inverse];
  }
  return { document, inverse };
}

/** @param {Document} document @param {Add} edit @returns {Applied} */
function add(document, edit) {
  const { steps } = document.meaning;
  if (steps[edit.id]) throw new EditError(`There is already a step “${edit.id}”.`);
  if (RESERVED.includes(edit.id)) throw new EditError(`No step may be called “${edit.id}”: the word stands for something else in references.`);
  if (edit.step.inside) known(document, edit.step.inside);
  let { edges } = document.meaning;
  for (const edge of (edit.edges ?? []).map(shortest)) {
    const source = leaves(edge.from).step;
    if ((source === edit.id) === (edge.to === edit.id)) throw new EditError(`The connection ${edge.from} → ${edge.to} does not join “${edit.id}” to another step.`);
    known(document, source === edit.id ? edge.to : source);
    if (!edges.some((each) => sameEdge(each, edge))) edges = inOrder([...edges, edge]);
  }
  const added = meaning(document, { steps: { ...steps, [edit.id]: edit.step }, edges });
  const told = placed(wordsOf(added, edit.id, edit.words ?? NO_WORDS), { [edit.id]: edit.place ?? null });
  return { document: sized(told, { [edit.id]: edit.size ?? null }), inverse: [{ edit: "remove", id: edit.id }] };
}

/** @param {Document} document @param {Remove} edit @returns {Applied} */
function remove(document, { id }) {
  if (!document.meaning.steps[id]) return { document, inverse: [] };
  const gone = [id, ...lyingIn(document, id)];
  const there = new Set(Object.keys(document.meaning.steps).filter((step) => !gone.includes(step)));
  const inverse = gone.map((step) => back(document, step, there.add(step)));
  const steps = Object.fromEntries(Object.entries(document.meaning.steps).filter(([step]) => !gone.includes(step)));
  const edges = document.meaning.edges.filter((edge) => !gone.includes(edge.to) && !gone.includes(leaves(edge.from).step));
  let left = meaning(document, { steps, edges });
  for (const step of gone) left = wordsOf(left, step, NO_WORDS);
  const nowhere = Object.fromEntries(gone.map((step) => [step, null]));
  return { document: sized(placed(left, nowhere), nowhere), inverse };
}

/** What brings a removed step back among those that are there. @param {Document} document @param {string} id @param {Set<string>} there @returns {Edit} */
function back(document, id, there) {
  const step = /** @type {Step} */ (document.meaning.steps[id]);
  const edges = document.meaning.edges.filter((edge) => {
    const source = leaves(edge.from).step;
    return (edge.to === id || source === id) && there.has(edge.to) && there.has(source);
  });
  return {
    edit: "add", id, step: !step.inside || there.has(step.inside) ? step : { ...step, inside: "" }, words: document.words.steps[id] ?? NO_WORDS,
    place: document.layout.steps[id] ?? null, size: document.layout.sizes[id] ?? null, edges,
  };
}

/** @param {Document} document @param {Move} edit @returns {Applied} */
function move(document, { places }) {
  for (const id of Object.keys(places)) known(document, id);
  const before = Object.fromEntries(Object.keys(places).map((id) => [id, document.layout.steps[id] ?? null]));
  return { document: placed(document, places), inverse: [{ edit: "move", places: before }] };
}

/** @param {Document} document @param {Enclose} edit @returns {Applied} */
function enclose(document, { inside = "", places }) {
  const old = document.meaning.steps;
  const moved = Object.keys(places);
  if (inside) known(document, inside);
  const steps = { ...old };
  for (const id of moved) {
    const step = known(document, id);
    if (inside && (inside === id || lyingIn(document, id).includes(inside))) throw new EditError(`“${id}” cannot lie inside itself.`);
    steps[id] = { ...step, inside };
  }
  const crosses = (/** @type {Record<string, Step>} */ all, /** @type {Edge} */ edge) => (all[leaves(edge.from).step]?.inside ?? "") !== (all[edge.to]?.inside ?? "");
  const touched = document.meaning.edges.filter((edge) => moved.includes(edge.to) || moved.includes(leaves(edge.from).step));
  const outer = [...new Set(moved.map((id) => old[id]?.inside ?? ""))];
  /** @type {Edit[]} */
  const inverse = outer.map((each) => ({
    edit: "enclose", inside: each, places: Object.fromEntries(moved.filter((id) => (old[id]?.inside ?? "") === each).map((id) => [id, document.layout.steps[id] ?? null])),
  }));
  for (const edge of touched) if (crosses(steps, edge) || crosses(old, edge)) inverse.push({ edit: "connect", edge });
  const edges = document.meaning.edges.filter((edge) => !touched.includes(edge) || !crosses(steps, edge));
  return { document: placed(meaning(document, { steps, edges }), places), inverse };
}

/** @param {Document} document @param {Resize} edit @returns {Applied} */
function resize(document, { sizes }) {
  for (const id of Object.keys(sizes)) known(document, id);
  const before = Object.fromEntries(Object.keys(sizes).map((id) => [id, document.layout.sizes[id] ?? null]));
  return { document: sized(document, sizes), inverse: [{ edit: "resize", sizes: before }] };
}

/** @param {Document} document @param {Handle} edit @returns {Applied} */
function handle(document, { id, on_failure }) {
  const step = known(document, id);
  const steps = { ...document.meaning.steps, [id]: { ...step, on_failure } };
  return { document: meaning(document, { steps }), inverse: [{ edit: "handle", id, on_failure: step.on_failure ?? FAILING }] };
}

/** @param {Document} document @param {Edge} edge @returns {Applied} */
function connect(document, edge) {
  const source = leaves(edge.from).step;
  if (source === edge.to) throw new EditError("A step cannot lead to itself.");
  known(document, source);
  known(document, edge.to);
  const { edges } = document.meaning;
  if (edges.some((each) => sameEdge(each, edge))) return { document, inverse: [] };
  return { document: meaning(document, { edges: inOrder([...edges, edge]) }), inverse: [{ edit: "disconnect", edge }] };
}

/** @param {Document} document @param {Edge} edge @returns {Applied} */
function disconnect(document, edge) {
  const found = document.meaning.edges.find((each) => sameEdge(each, edge));
  if (!found) return { document, inverse: [] };
  return { document: meaning(document, { edges: document.meaning.edges.filter((each) => each !== found) }), inverse: [{ edit: "connect", edge: found }] };
}

/** @param {Document} document @param {Configure} edit @returns {Applied} */
function configure(document, { id, field, value = null, unset = false }) {
  const step = known(document, id);
  const had = Object.hasOwn(step.settings, field);
  const settings = unset ? without(step.settings, field) : { ...step.settings, [field]: value };
  const steps = { ...document.meaning.steps, [id]: { ...step, settings } };
  return { document: meaning(document, { steps }), inverse: [{ edit: "configure", id, field, value: step.settings[field] ?? null, unset: !had }] };
}

/** @param {Document} document @param {Rename} edit @returns {Applied} */
function rename(document, { id, title }) {
  if (id == null) return { document: words(document, { title }), inverse: [{ edit: "rename", id: null, title: document.words.title }] };
  const before = wordsAt(document, id);
  return { document: wordsOf(document, id, { ...before, title }), inverse: [{ edit: "rename", id, title: before.title }] };
}

/** @param {Document} document @param {Describe} edit @returns {Applied} */
function describe(document, { id, text }) {
  if (id == null) return { document: words(document, { description: text }), inverse: [{ edit: "describe", id: null, text: document.words.description }] };
  const before = wordsAt(document, id);
  return { document: wordsOf(document, id, { ...before, note: text }), inverse: [{ edit: "describe", id, text: before.note }] };
}

/** @param {Document} document @param {Relabel} edit @returns {Applied} */
function relabel(document, { id, part, label }) {
  const before = wordsAt(document, id);
  const says = label && (label.label || label.help);
  const labels = says ? { ...before.labels, [part]: label } : without(before.labels, part);
  return { document: wordsOf(document, id, { ...before, labels }), inverse: [{ edit: "label", id, part, label: before.labels[part] ?? null }] };
}

/** @param {Document} document @param {Note} edit @returns {Applied} */
function note(document, { id, text = null, box = null }) {
  const { notes } = document.words;
  const before = notes[id] ?? null;
  const old = document.layout.notes[id] ?? null;
  if (text === null) {
    if (before === null) return { document, inverse: [] };
    return { document: laid(words(document, { notes: without(notes, id) }), { [id]: null }), inverse: [{ edit: "note", id, text: before, box: old }] };
  }
  const after = words(document, { notes: { ...notes, [id]: text } });
  /** @type {Edit[]} */
  const inverse = [{ edit: "note", id, text: before, box: null }];
  if (before === null) return { document: laid(after, { [id]: box }), inverse };
  return box ? { document: laid(after, { [id]: box }), inverse: [...inverse, { edit: "lay", boxes: { [id]: old } }] } : { document: after, inverse };
}

/** What somebody took away meanwhile stays gone: nobody's work is lost when a note does not move. @param {Document} document @param {Lay} edit @returns {Applied} */
function lay(document, { boxes }) {
  const there = Object.entries(boxes).filter(([id]) => Object.hasOwn(document.words.notes, id));
  if (!there.length) return { document, inverse: [] };
  const before = Object.fromEntries(there.map(([id]) => [id, document.layout.notes[id] ?? null]));
  return { document: laid(document, Object.fromEntries(there)), inverse: [{ edit: "lay", boxes: before }] };
}

/**
 * What an edit touches; two edits of different people conflict when they touch the same.
 * @param {Edit} edit @returns {string[]}
 */
export function targets(edit) {
  switch (edit.edit) {
    case "add":
    case "remove":
      return [`step:${edit.id}`];
    case "move":
      return Object.keys(edit.places).map((id) => `place:${id}`);
    case "enclose":
      return Object.keys(edit.places).map((id) => `inside:${id}`);
    case "resize":
      return Object.keys(edit.sizes).map((id) => `size:${id}`);
    case "handle":
      return [`failure:${edit.id}`];
    case "connect":
    case "disconnect":
      return [`edge:${shortest(edit.edge).from}>${edit.edge.to}`];
    case "configure":
      return [`setting:${edit.id}:${edit.field}`];
    case "rename":
      return [`title:${edit.id ?? ""}`];
    case "describe":
      return [`note:${edit.id ?? ""}`];
    case "label":
      return [`label:${edit.id}:${edit.part}`];
    case "note":
      return [`text:${edit.id}`];
    case "lay":
      return Object.keys(edit.boxes).map((id) => `box:${id}`);
    case "declare":
      return [`${edit.of === "conversation" ? "conversation" : "variable"}:${edit.name}`];
    case "limit":
      return ["limits"];
  }
}

/** Edges by name: their order means nothing, so that two documents that say the same are equal. @param {Edge[]} edges */
function inOrder(edges) {
  const before = (/** @type {string} */ a, /** @type {string} */ b) => (a < b ? -1 : a > b ? 1 : 0);
  return [...edges].sort((a, b) => before(a.from, b.from) || before(a.to, b.to));
}

/** @param {Document} document @param {string} id */
function known(document, id) {
  const step = document.meaning.steps[id];
  if (!step) throw new EditError(`There is no step “${id}”.`);
  return step;
}

/** @param {Document} document @param {string} id */
function wordsAt(document, id) {
  known(document, id);
  return document.words.steps[id] ?? NO_WORDS;
}

/** @template T @param {Record<string, T>} all @param {string} key @returns {Record<string, T>} */
function without(all, key) {
  if (!Object.hasOwn(all, key)) return all;
  const { [key]: _, ...rest } = all;
  return rest;
}

/** @param {Document} document @param {Partial<import("./document.js").Meaning>} change @returns {Document} */
const meaning = (document, change) => ({ ...document, meaning: { ...document.meaning, ...change } });

/** @param {Document} document @param {Partial<import("./document.js").Words>} change @returns {Document} */
const words = (document, change) => ({ ...document, words: { ...document.words, ...change } });

/** @param {Document} document @param {string} id @param {StepWords} after @returns {Document} */
function wordsOf(document, id, after) {
  const silent = !after.title && !after.note && !Object.keys(after.labels ?? {}).length;
  const { steps } = document.words;
  if (silent && !Object.hasOwn(steps, id)) return document;
  return words(document, { steps: silent ? without(steps, id) : { ...steps, [id]: { ...NO_WORDS, ...after } } });
}

/** @param {Document} document @param {Record<string, import("./document.js").Box | null>} boxes @returns {Document} */
function laid(document, boxes) {
  const notes = Object.fromEntries(Object.entries({ ...document.layout.notes, ...boxes }).flatMap(([id, box]) => (box ? [[id, box]] : [])));
  return { ...document, layout: { ...document.layout, notes } };
}

/** @param {Document} document @param {Record<string, Place | null>} places @returns {Document} */
function placed(document, places) {
  /** @type {Record<string, Place>} */
  const steps = { ...document.layout.steps };
  for (const [id, place] of Object.entries(places)) {
    if (place) steps[id] = place;
    else delete steps[id];
  }
  return { ...document, layout: { ...document.layout, steps } };
}

/** @param {Document} document @param {Record<string, Extent | null>} changed @returns {Document} */
function sized(document, changed) {
  /** @type {Record<string, Extent>} */
  const sizes = { ...document.layout.sizes };
  for (const [id, size] of Object.entries(changed)) {
    if (size) sizes[id] = size;
    else delete sizes[id];
  }
  return { ...document, layout: { ...document.layout, sizes } };
}
