/**
 * Containers: steps that hold other steps. What lies in which, where that is on the drawing, and how large it has to be.
 *
 * @typedef {import("./document.js").Document} Document
 * @typedef {import("./document.js").NodeType} NodeType
 * @typedef {import("./document.js").Place} Place
 * @typedef {import("./edits.js").Edit} Edit
 * @typedef {{ w: number, h: number }} Size
 */
import { leaves } from "./document.js";
import { CARD, GRID, overlap, snapped, tidied } from "./layout.js";

/** Where the first step inside stands: below the head of its container, away from the edge. */
export const HEAD = 5 * GRID;
export const PAD = 3 * GRID;
/** A container nothing lies in. */
export const LEAST = { w: 20 * GRID, h: 11 * GRID };
const KINDS = ["each", "repeat"];

/** Every step inside a container, however deep, each after the one it lies in. @param {Document} document @param {string} container */
export function lyingIn(document, container) {
  const found = [container];
  for (const outer of found) {
    for (const [id, step] of Object.entries(document.meaning.steps)) if (step.inside === outer && !found.includes(id)) found.push(id);
  }
  return found.slice(1);
}

/** What each step lies in, outer steps first; what lies in nothing that is there, or in a circle, lies in "". @param {Document} document @returns {Map<string, string>} */
export function holders(document) {
  const { steps } = document.meaning;
  /** @type {Map<string, string[]>} */
  const inner = new Map();
  for (const [id, step] of Object.entries(steps)) {
    const outer = step.inside && steps[step.inside] ? step.inside : "";
    inner.set(outer, [...(inner.get(outer) ?? []), id]);
  }
  const found = new Map();
  const fill = (/** @type {string} */ outer) => {
    for (const id of inner.get(outer) ?? []) {
      if (found.has(id)) continue;
      found.set(id, outer);
      fill(id);
    }
  };
  fill("");
  for (const id of Object.keys(steps)) if (!found.has(id)) found.set(id, "");
  return found;
}

/** The container a step lies in, "" for none. @param {Document} document @param {string} id */
export const holderOf = (document, id) => {
  const inside = document.meaning.steps[id]?.inside ?? "";
  return document.meaning.steps[inside] ? inside : "";
};

/** The containers around a step, the nearest first. @param {Document} document @param {string} id */
export function around(document, id) {
  /** @type {string[]} */
  const found = [];
  for (let outer = holderOf(document, id); outer && !found.includes(outer); outer = holderOf(document, outer)) found.push(outer);
  return found;
}

/** Whether steps may lie in a step of this type. @param {NodeType | undefined} type */
export const isContainer = (type) => KINDS.includes(type?.container ?? "");

/** The steps drawn as containers: those whose type is one, and those something lies in. @param {Document} document @param {Map<string, NodeType>} types */
export function containersOf(document, types) {
  const { steps } = document.meaning;
  const found = new Set(Object.keys(steps).filter((id) => isContainer(types.get(steps[id]?.type ?? ""))));
  for (const outer of holders(document).values()) if (outer) found.add(outer);
  return found;
}

/**
 * How large each container is drawn: as somebody pulled it, and never smaller than what lies inside.
 * @param {Document} document @param {Iterable<string>} containers @param {Record<string, Size>} [sizes] measured @param {Record<string, Place>} [places]
 * @returns {Record<string, Size>}
 */
export function extents(document, containers, sizes = {}, places = document.layout.steps) {
  const within = holders(document);
  const held = new Set(containers);
  /** @type {Record<string, Size>} */
  const needed = {};
  for (const [id, outer] of [...within].reverse()) { // inner ones first
    const own = held.has(id) ? extent(document, needed[id], id) : (sizes[id] ?? CARD);
    if (held.has(id)) needed[id] = own;
    if (!outer) continue;
    const [x, y] = places[id] ?? [PAD, HEAD];
    const room = needed[outer] ?? LEAST;
    needed[outer] = { w: Math.max(room.w, x + own.w + PAD), h: Math.max(room.h, y + own.h + PAD) };
  }
  return Object.fromEntries([...held].filter((id) => within.has(id)).map((id) => [id, needed[id] ?? LEAST]));
}

/** @param {Document} document @param {Size | undefined} needed @param {string} id @returns {Size} */
function extent(document, needed = LEAST, id) {
  const [w, h] = document.layout.sizes[id] ?? [0, 0];
  return { w: Math.max(snapped(needed.w), w), h: Math.max(snapped(needed.h), h) };
}

/** Where steps are on the whole drawing; a place in a container is one from its corner. @param {Document} document @param {Record<string, Place>} [places] @returns {Record<string, Place>} */
export function onDrawing(document, places = document.layout.steps) {
  /** @type {Record<string, Place>} */
  const found = {};
  for (const [id, outer] of holders(document)) {
    const [x, y] = places[id] ?? [0, 0];
    const [ox, oy] = found[outer] ?? [0, 0];
    if (places[id] || outer) found[id] = [ox + x, oy + y];
  }
  return found;
}

/** The innermost container at a point of the drawing that none of `moved` is or lies around; "" for none. @param {Document} document @param {Record<string, Size>} frames @param {Record<string, Place>} places absolute @param {Place} point @param {string[]} [moved] */
export function containerAt(document, frames, places, [x, y], moved = []) {
  const barred = new Set(moved.flatMap((id) => [id, ...lyingIn(document, id)]));
  let found = "";
  for (const id of holders(document).keys()) { // outer ones first: the last that holds the point is the innermost
    const size = frames[id];
    const [left, top] = places[id] ?? [NaN, NaN];
    if (size && !barred.has(id) && x >= left && x < left + size.w && y >= top && y < top + size.h) found = id;
  }
  return found;
}

/** Everything tidied up, what lies inside first. @param {Document} document @param {Iterable<string>} containers @param {Record<string, Size>} [sizes] @returns {Record<string, Place>} */
export function arranged(document, containers, sizes = {}) {
  const within = holders(document);
  const unsized = { ...document, layout: { ...document.layout, sizes: {} } };
  const held = [...new Set([...containers, ...within.values()])].filter((id) => within.has(id));
  /** @type {Record<string, Place>} */
  let places = {};
  for (const outer of [...[...within.keys()].reverse().filter((id) => held.includes(id)), ""]) {
    const ids = [...within].filter(([, each]) => each === outer).map(([id]) => id);
    const measured = { ...sizes, ...extents(unsized, held, sizes, places) };
    const [dx, dy] = outer ? [PAD, HEAD] : [0, 0];
    for (const [id, [x, y]] of Object.entries(tidied(document, measured, ids))) places = { ...places, [id]: [x + dx, y + dy] };
  }
  return places;
}

/**
 * The edits, and before them what makes room where they make a container larger: what stands right of it or below moves on.
 * @param {Document} document @param {Edit[]} edits @param {(document: Document, edits: Edit[]) => Document} applied @param {Map<string, NodeType>} types @param {Record<string, Size>} sizes
 * @returns {Edit[]}
 */
export function withRoom(document, edits, applied, types, sizes) {
  const all = [...edits];
  let after = applied(document, edits);
  const before = extents(document, containersOf(document, types), sizes);
  const inner = [...holders(after).keys()].reverse(); // growing inside makes what is around grow, too
  for (const id of inner) {
    const now = extents(after, containersOf(after, types), sizes);
    const [old, next] = [before[id], now[id]];
    const place = after.layout.steps[id];
    if (!old || !next || !place || (next.w <= old.w && next.h <= old.h)) continue;
    const places = aside(after, id, { x: place[0], y: place[1], ...old }, next, { ...sizes, ...now });
    if (!Object.keys(places).length) continue;
    all.push({ edit: "move", places });
    after = applied(after, [{ edit: "move", places }]);
  }
  return all;
}

/** @param {Document} document @param {string} id @param {import("./layout.js").Area} old @param {Size} next @param {Record<string, Size>} sizes */
function aside(document, id, old, next, sizes) {
  const outer = holderOf(document, id);
  /** @type {Record<string, Place>} */
  const moved = {};
  for (const [other, [x, y]] of Object.entries(document.layout.steps)) {
    if (other === id || holderOf(document, other) !== outer) continue;
    const own = sizes[other] ?? CARD;
    const beside = y < old.y + next.h && y + own.h > old.y;
    if (x >= old.x + old.w && (beside || follows(document, id, other))) moved[other] = [snapped(x + next.w - old.w), y];
    else if (y >= old.y + old.h && overlap({ x, y: 0, w: own.w, h: 1 }, { x: old.x, y: 0, w: next.w, h: 1 })) moved[other] = [x, snapped(y + next.h - old.h)];
  }
  return Object.fromEntries(Object.entries(moved).filter(([other, [x, y]]) => x !== document.layout.steps[other]?.[0] || y !== document.layout.steps[other]?.[1]));
}

/** @param {Document} document @param {string} id @param {string} other */
function follows(document, id, other) {
  const found = new Set([id]);
  for (const step of found) for (const edge of document.meaning.edges) if (leaves(edge.from).step === step) found.add(edge.to);
  return found.has(other);
}
