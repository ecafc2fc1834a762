/**
 * Building: what a person means to do (“add a step here”) as a list of edits. Pure; nothing is applied yet.
 *
 * @typedef {import("./document.js").Document} Document
 * @typedef {import("./document.js").Edge} Edge
 * @typedef {import("./document.js").NodeType} NodeType
 * @typedef {import("./document.js").Exit} Exit
 * @typedef {import("./document.js").Place} Place
 * @typedef {import("./edits.js").Edit} Edit
 * @typedef {import("./layout.js").Size} Size
 * @typedef {{ after?: { step: string, exit?: string }, edge?: Edge, at?: Place, inside?: string }} Where `at` is seen from the container it is to lie in
 * @typedef {(id: string) => Exit[]} ExitsOf
 */
import { NO_WORDS, edgeKey, freshId, from, leaves, sameEdge } from "./document.js";
import { HEAD, PAD, around, arranged, containersOf, holderOf } from "./containers.js";
import { closesCircle, stepsAfter } from "./graph.js";
import { CARD, freePlace, placeAfter, snapped } from "./layout.js";
import { boxOf } from "./notes.js";

const STRIDE = CARD.w + 100;

/**
 * A new step: after a step (between it and what follows, if one thing follows), on an edge, or at a place.
 * @param {Document} document @param {NodeType} type @param {Where} where @param {ExitsOf} exitsOf @param {Record<string, Size>} [sizes]
 * @returns {{ edits: Edit[], id: string }}
 */
export function addStep(document, type, where, exitsOf, sizes = {}) {
  const id = freshId(Object.keys(document.meaning.steps), type.type.split(".").at(-1) ?? "step");
  const before = where.edge ? leaves(where.edge.from).step : where.after?.step;
  const inside = where.inside ?? (before ? holderOf(document, before) : "");
  const step = { type: type.type, version: type.version, settings: {}, ...(inside ? { inside } : {}) };
  const words = { ...NO_WORDS, title: freshTitle(document, type.label) };
  const starts = type.type === "flow.start";
  const edge = where.edge ?? (where.after && !starts ? theOnlyWayOn(document, where.after, exitsOf) : undefined);
  if (edge && !starts && type.exits.length) return onEdge(document, { edit: "add", id, step, words }, edge, type, sizes);
  const after = where.edge ? leaves(where.edge.from) : where.after;
  const source = after && !starts ? from(after.step, after.exit ?? openExit(document, after.step, exitsOf)) : null;
  const place = where.at ? freePlace(document, where.at, sizes, inside) : after ? placeAfter(document, after.step, sizes) : beside(document, starts, sizes, inside);
  const edges = source && exitsOf(leaves(source).step).length ? [{ from: source, to: id }] : [];
  const end = edges.length && type.exits[0] ? waitingEnd(document, exitsOf, inside) : undefined;
  if (end) edges.push({ from: from(id, type.exits[0]?.id ?? "done"), to: end });
  /** @type {Edit[]} */
  const edits = [{ edit: "add", id, step, words, place, edges }];
  const waits = type.exits.length && !starts ? waitingEnd(document, exitsOf, inside) : undefined;
  const [x = 0] = waits && !where.at ? (document.layout.steps[waits] ?? []) : [];
  if (waits && !where.at && x < place[0] + STRIDE) edits.unshift({ edit: "move", places: pushed(document, waits, place[0] + STRIDE - x) });
  return { id, edits };
}

/** The finish nothing leads to yet, if there is just one: what is added leads there. @param {Document} document @param {ExitsOf} exitsOf @param {string} inside */
function waitingEnd(document, exitsOf, inside) {
  const reached = new Set(document.meaning.edges.map((edge) => edge.to));
  const ends = within(document, inside).filter((id) => !exitsOf(id).length && !reached.has(id));
  return ends.length === 1 ? ends[0] : undefined;
}

/** The label of the type, with a number where a step is called so already: problems and chips name steps by title. @param {Document} document @param {string} label */
function freshTitle(document, label) {
  const taken = new Set(Object.keys(document.meaning.steps).map((id) => document.words.steps[id]?.title));
  let number = 2;
  if (!taken.has(label)) return label;
  while (taken.has(`${label} ${number}`)) number += 1;
  return `${label} ${number}`;
}

/** @param {Document} document @param {string} inside */
const within = (document, inside) => Object.keys(document.meaning.steps).filter((id) => holderOf(document, id) === inside);

/** Where a click in the palette puts a step when nothing is selected: after the only loose end, if there is one. @param {Document} document @param {ExitsOf} exitsOf @param {string} [inside] @returns {Where} */
export function looseEnd(document, exitsOf, inside = "") {
  const loose = within(document, inside).filter((id) => exitsOf(id).length && !stepsAfter(document, id).length);
  return loose.length === 1 && loose[0] ? { after: { step: loose[0] } } : {};
}

/** The only connection that leads to the only finish: a step added to a finished flow comes before the end. @param {Document} document @param {ExitsOf} exitsOf */
export function lastEdge(document, exitsOf) {
  const ends = new Set(within(document, "").filter((id) => !exitsOf(id).length));
  const edges = document.meaning.edges.filter((edge) => ends.has(edge.to));
  return ends.size === 1 && edges.length === 1 ? edges[0] : undefined;
}

/** @param {Document} document @param {{ step: string, exit?: string }} after @param {ExitsOf} exitsOf */
function theOnlyWayOn(document, after, exitsOf) {
  if (after.exit === undefined && exitsOf(after.step).length !== 1) return undefined;
  const on = document.meaning.edges.filter((edge) => {
    const source = leaves(edge.from);
    return source.step === after.step && (after.exit === undefined || source.exit === after.exit);
  });
  return on.length === 1 ? on[0] : undefined;
}

/** The first exit that leads nowhere yet, else the first. @param {Document} document @param {string} id @param {ExitsOf} exitsOf */
function openExit(document, id, exitsOf) {
  const exits = exitsOf(id);
  return (exits.find((exit) => !stepsAfter(document, id, exit.id).length) ?? exits[0])?.id ?? "done";
}

/** @param {Document} document @param {import("./edits.js").Add} add @param {Edge} edge @param {NodeType} type @param {Record<string, Size>} sizes @returns {{ edits: Edit[], id: string }} */
function onEdge(document, add, edge, type, sizes) {
  const source = leaves(edge.from).step;
  const [sx, sy] = document.layout.steps[source] ?? [0, 0];
  const [tx, ty] = document.layout.steps[edge.to] ?? [sx + STRIDE, sy];
  const room = tx - sx >= 2 * STRIDE - 20;
  const place = room ? freePlace(document, [(sx + tx) / 2, (sy + ty) / 2], sizes, holderOf(document, source)) : /** @type {Place} */ ([snapped(sx + STRIDE), snapped(ty)]);
  const edges = [{ from: edge.from, to: add.id }, { from: from(add.id, type.exits[0]?.id ?? "done"), to: edge.to }];
  /** @type {Edit[]} */
  const edits = [{ edit: "disconnect", edge }, { ...add, place, edges }];
  if (!room) edits.unshift({ edit: "move", places: pushed(document, edge.to, sx + 2 * STRIDE - tx) });
  return { id: add.id, edits };
}

/** A step and all that follows it, moved to the right. @param {Document} document @param {string} id @param {number} by */
function pushed(document, id, by) {
  const found = new Set([id]);
  for (const each of found) for (const next of stepsAfter(document, each)) found.add(next);
  const edge = document.layout.steps[id]?.[0] ?? 0;
  /** @type {Record<string, Place>} */
  const places = {};
  for (const each of found) {
    const place = document.layout.steps[each];
    if (place && place[0] >= edge - 20) places[each] = [snapped(place[0] + by), place[1]];
  }
  return places;
}

/** @param {Document} document @param {boolean} left @param {Record<string, Size>} sizes @param {string} inside @returns {Place} */
function beside(document, left, sizes, inside) {
  const places = within(document, inside).flatMap((id) => (document.layout.steps[id] ? [document.layout.steps[id]] : []));
  if (!places.length) return inside ? [PAD, HEAD] : [0, 0];
  const xs = places.map(([x]) => x);
  const top = Math.min(...places.map(([, y]) => y));
  return freePlace(document, [left ? Math.min(...xs) - STRIDE : Math.max(...xs) + STRIDE, top], sizes, inside);
}

/** The selection goes; a step with one way in and one way out leaves its neighbours connected. @param {Document} document @param {import("./selection.js").Selection} selection @returns {Edit[]} */
export function removeSelected(document, selection) {
  const gone = new Set(selection.steps);
  /** @type {Edit[]} */
  const edits = [];
  for (const edge of document.meaning.edges) {
    const touched = gone.has(edge.to) || gone.has(leaves(edge.from).step);
    if (!touched && selection.edges.includes(edgeKey(edge))) edits.push({ edit: "disconnect", edge });
  }
  for (const id of selection.steps) edits.push({ edit: "remove", id });
  for (const id of selection.notes) edits.push({ edit: "note", id, text: null, box: null });
  const bridge = selection.steps.length === 1 && selection.steps[0] ? bridgeOver(document, selection.steps[0]) : null;
  return bridge ? [...edits, { edit: "connect", edge: bridge }] : edits;
}

/** @param {Document} document @param {string} id @returns {Edge | null} */
function bridgeOver(document, id) {
  const incoming = document.meaning.edges.filter((edge) => edge.to === id);
  const outgoing = document.meaning.edges.filter((edge) => leaves(edge.from).step === id);
  const [into, on] = [incoming[0], outgoing[0]];
  if (incoming.length !== 1 || outgoing.length !== 1 || !into || !on) return null;
  const bridge = { from: into.from, to: on.to };
  return document.meaning.edges.some((edge) => sameEdge(edge, bridge)) ? null : bridge;
}

/** Why two steps cannot be connected, or null when they can. @param {Document} document @param {Edge} edge @returns {string | null} */
export function whyNot(document, edge) {
  const { step } = leaves(edge.from);
  if (step === edge.to) return "A step cannot lead to itself.";
  if (document.meaning.edges.some((each) => sameEdge(each, edge))) return "These are already connected.";
  if (holderOf(document, step) !== holderOf(document, edge.to)) return "A connection cannot cross the border of a container: connect the container itself, or move one of the two.";
  if (document.meaning.steps[edge.to]?.type === "flow.start") return "Nothing comes before the start.";
  if (closesCircle(document, step, edge.to)) return "This would close a circle: the run could never get past it.";
  return null;
}

/** Everything in order, from left to right; containers as large as what lies inside asks for. @param {Document} document @param {Record<string, Size>} sizes @param {Map<string, NodeType>} [types] @returns {Edit[]} */
export function tidyUp(document, sizes, types = new Map()) {
  const places = Object.entries(arranged(document, containersOf(document, types), sizes)).filter(([id, [x, y]]) => {
    const [ox, oy] = document.layout.steps[id] ?? [NaN, NaN];
    return x !== ox || y !== oy;
  });
  const pulled = Object.keys(document.layout.sizes);
  /** @type {Edit[]} */
  const edits = [];
  if (pulled.length) edits.push({ edit: "resize", sizes: Object.fromEntries(pulled.map((id) => [id, null])) });
  if (places.length) edits.push({ edit: "move", places: Object.fromEntries(places) });
  return edits;
}

/** Places for steps that have none (written by hand, imported); shown so, not saved until somebody moves them. @param {Document} document @param {Map<string, NodeType>} [types] @returns {Record<string, Place>} */
export function shownPlaces(document, types = new Map()) {
  const missing = Object.keys(document.meaning.steps).filter((id) => !document.layout.steps[id]);
  if (!missing.length) return document.layout.steps;
  const all = arranged(document, containersOf(document, types));
  if (missing.length === Object.keys(document.meaning.steps).length) return all;
  return { ...Object.fromEntries(missing.map((id) => [id, all[id] ?? [0, 0]])), ...document.layout.steps };
}

/**
 * Steps put into a container, or out of theirs: those that may, where they were dropped, below its head; what had no place in a container has one.
 * @param {Document} document @param {string} inside @param {Record<string, Place>} places seen from there
 * @returns {{ edits: Edit[], cut: number }} and how many connections that cuts
 */
export function putInto(document, inside, places) {
  const [left, top] = inside ? [PAD / 3, HEAD - PAD / 3] : [-Infinity, -Infinity];
  const into = Object.fromEntries(Object.entries(places).map(([id, [x, y]]) => [id, /** @type {Place} */ ([snapped(Math.max(left, x)), snapped(Math.max(top, y))])]));
  const goes = (/** @type {string} */ id) => id in into || holderOf(document, id) === inside;
  const cut = document.meaning.edges.filter((edge) => {
    const source = leaves(edge.from).step;
    return (edge.to in into) !== (source in into) && goes(edge.to) !== goes(source);
  }).length;
  return { edits: [{ edit: "enclose", inside, places: into }], cut };
}

/** The selection moved by some pixels. @param {Document} document @param {import("./selection.js").Selection} selection @param {number} dx @param {number} dy @returns {Edit[]} */
export function nudged(document, selection, dx, dy) {
  const places = shownPlaces(document);
  const carried = selection.steps.filter((id) => !around(document, id).some((outer) => selection.steps.includes(outer)));
  const moved = carried.flatMap((id) => {
    const place = places[id];
    return place ? [[id, [place[0] + dx, place[1] + dy]]] : [];
  });
  return movedTo(document, Object.fromEntries(moved), Object.fromEntries(selection.notes.map((id) => {
    const { x, y } = boxOf(document, id);
    return [id, [x + dx, y + dy]];
  })));
}

/** What was carried to other places: steps and notes. @param {Document} document @param {Record<string, Place>} steps @param {Record<string, Place>} notes @returns {Edit[]} */
export function movedTo(document, steps, notes) {
  /** @type {Edit[]} */
  const edits = [];
  const boxes = Object.entries(notes).map(([id, [x, y]]) => [id, { ...boxOf(document, id), x, y }]);
  if (Object.keys(steps).length) edits.push({ edit: "move", places: steps });
  if (boxes.length) edits.push({ edit: "lay", boxes: Object.fromEntries(boxes) });
  return edits;
}
