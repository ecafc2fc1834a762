/**
 * Places: tidying up from left to right, a free place for a new step, and what lies inside a rectangle.
 * Tidying is the layered drawing of Sugiyama, Tagawa and Toda (1981): layers by longest path, order by barycentres,
 * then heights pulled towards the neighbours.
 *
 * @typedef {import("./document.js").Document} Document
 * @typedef {import("./document.js").Place} Place
 * @typedef {{ w: number, h: number }} Size
 * @typedef {{ x: number, y: number, w: number, h: number }} Area
 */
import { leaves } from "./document.js";

export const GRID = 20;
export const CARD = { w: 240, h: 72 };
const GAP_X = 100;
const GAP_Y = 40;

/** @param {number} value */
export const snapped = (value) => Math.round(value / GRID) * GRID;

/** Where each of some steps stands after tidying them up. @param {Document} document @param {Record<string, Size>} [sizes] measured on screen @param {string[]} [ids] @returns {Record<string, Place>} */
export function tidied(document, sizes = {}, ids = Object.keys(document.meaning.steps)) {
  const mine = new Set(ids);
  const links = document.meaning.edges.map((edge, index) => ({ source: leaves(edge.from).step, target: edge.to, index })).filter(({ source, target }) => mine.has(source) && mine.has(target));
  const layers = ordered(layered(ids, document.meaning.steps, links), links);
  const size = (/** @type {string} */ id) => sizes[id] ?? CARD;
  const tops = heights(layers, links, size);
  /** @type {Record<string, Place>} */
  const places = {};
  let x = 0;
  for (const layer of layers) {
    for (const id of layer) places[id] = [snapped(x), snapped(tops.get(id) ?? 0)];
    x += Math.max(CARD.w, ...layer.map((id) => size(id).w)) + GAP_X;
  }
  return places;
}

/** @typedef {{ source: string, target: string, index: number }} Link */

/** Layers by the longest path from a step without a predecessor; an edge that closes a circle is left out, a finish nothing leads to yet stands last. @param {string[]} ids @param {Record<string, import("./document.js").Step>} types @param {Link[]} links */
function layered(ids, types, links) {
  /** @type {Map<string, number>} */
  const depth = new Map();
  /** @type {Set<string>} */
  const open = new Set();
  const sources = grouped(links, "target", "source");
  /** @type {(id: string) => number} */
  const depthOf = (id) => {
    const known = depth.get(id);
    if (known !== undefined) return known;
    if (open.has(id)) return -1;
    open.add(id);
    const found = Math.max(-1, ...(sources.get(id) ?? []).map(depthOf)) + 1;
    open.delete(id);
    depth.set(id, found);
    return found;
  };
  /** @type {string[][]} */
  const layers = [];
  const lone = (/** @type {string} */ id) => types[id]?.type === "flow.finish" && !sources.has(id);
  for (const id of ids) if (!lone(id)) (layers[depthOf(id)] ??= []).push(id);
  const ends = ids.filter(lone);
  if (ends.length) layers.push(ends);
  return Array.from(layers, (layer) => layer ?? []);
}

/** Each layer in the order that crosses least: sweeps by the mean position of the neighbours. @param {string[][]} layers @param {Link[]} links */
function ordered(layers, links) {
  const before = grouped(links, "target", "source");
  const after = grouped(links, "source", "target");
  /** @type {Map<string, number>} */
  const position = new Map();
  const number = (/** @type {string[]} */ layer) => layer.forEach((id, index) => position.set(id, index));
  layers.forEach(number);
  const sorted = (/** @type {string[]} */ layer, /** @type {Map<string, string[]>} */ neighbours) => {
    const key = new Map(layer.map((id) => [id, mean((neighbours.get(id) ?? []).map((each) => position.get(each) ?? 0), position.get(id) ?? 0)]));
    const next = [...layer].sort((a, b) => (key.get(a) ?? 0) - (key.get(b) ?? 0));
    number(next);
    return next;
  };
  for (let sweep = 0; sweep < 4; sweep += 1) {
    layers = layers.map((layer) => sorted(layer, before));
    layers = layers.map((_, index) => index).reverse().reduce((all, index) => all.with(index, sorted(all[index] ?? [], after)), layers);
  }
  return layers.map((layer) => sorted(layer, before));
}

/** The top of each card: as high as its neighbours where there is room, so that edges run straight. @param {string[][]} layers @param {Link[]} links @param {(id: string) => Size} size */
function heights(layers, links, size) {
  const before = grouped(links, "target", "source");
  const after = grouped(links, "source", "target");
  /** @type {Map<string, number>} */
  const tops = new Map();
  for (const layer of layers) {
    let y = 0;
    for (const id of layer) {
      tops.set(id, y);
      y += size(id).h + GAP_Y;
    }
  }
  const settle = (/** @type {string[]} */ layer, /** @type {Map<string, string[]>} */ neighbours) => {
    const wish = layer.map((id) => mean((neighbours.get(id) ?? []).map((each) => tops.get(each) ?? 0), tops.get(id) ?? 0));
    spread(layer.map((id) => size(id).h), wish).forEach((y, index) => tops.set(layer[index] ?? "", y));
  };
  for (let round = 0; round < 3; round += 1) {
    for (const layer of layers) settle(layer, before);
    for (const layer of [...layers].reverse()) settle(layer, after);
  }
  for (const layer of layers) settle(layer, before);
  const top = Math.min(...tops.values());
  return new Map([...tops].map(([id, y]) => [id, y - top]));
}

/** Tops as near as possible to the wishes without overlapping, in this order: push down, then centre the pushing. @param {number[]} tall @param {number[]} wish */
function spread(tall, wish) {
  const down = [...wish];
  for (let i = 1; i < down.length; i += 1) down[i] = Math.max(down[i] ?? 0, (down[i - 1] ?? 0) + (tall[i - 1] ?? 0) + GAP_Y);
  const shift = mean(down.map((y, index) => (wish[index] ?? 0) - y), 0);
  return down.map((y) => y + shift);
}

/** A place for a new step in a container (or in none), moved down until nothing is in the way. @param {Document} document @param {Place} wish @param {Record<string, Size>} [sizes] @param {string} [inside] @returns {Place} */
export function freePlace(document, wish, sizes = {}, inside = "") {
  const beside = Object.entries(document.layout.steps).filter(([id]) => (document.meaning.steps[id]?.inside ?? "") === inside);
  const taken = beside.map(([id, [x, y]]) => ({ x, y, ...(sizes[id] ?? CARD) }));
  let [x, y] = [snapped(wish[0]), snapped(wish[1])];
  const clash = () => taken.find((other) => overlap({ x, y, ...CARD }, other, GRID));
  for (let other = clash(), tries = 0; other && tries < 200; other = clash(), tries += 1) y = snapped(other.y + other.h + GAP_Y);
  return [x, y];
}

/** The place a step would have as the next one after another. @param {Document} document @param {string} id @param {Record<string, Size>} [sizes] @returns {Place} */
export function placeAfter(document, id, sizes = {}) {
  const [x, y] = document.layout.steps[id] ?? [0, 0];
  return freePlace(document, [x + (sizes[id]?.w ?? CARD.w) + GAP_X, y], sizes, document.meaning.steps[id]?.inside ?? "");
}

/** @param {Area} a @param {Area} b @param {number} [margin] */
export function overlap(a, b, margin = 0) {
  return a.x < b.x + b.w + margin && b.x < a.x + a.w + margin && a.y < b.y + b.h + margin && b.y < a.y + a.h + margin;
}

/** @param {number[]} values @param {number} none */
const mean = (values, none) => (values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : none);

/** @param {Link[]} links @param {"source" | "target"} key @param {"source" | "target"} value @returns {Map<string, string[]>} */
function grouped(links, key, value) {
  const groups = new Map();
  for (const link of links) groups.set(link[key], [...(groups.get(link[key]) ?? []), link[value]]);
  return groups;
}
