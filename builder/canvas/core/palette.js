/**
 * The palette: node types by category, found by what people type.
 *
 * @typedef {import("./document.js").NodeType} NodeType
 * @typedef {{ category: string, types: NodeType[] }} Shelf
 */
import { words } from "./form.js";

const ORDER = ["flow", "ai", "knowledge", "data", "people", "connect"];
/** @type {Record<string, string>} */
const TITLES = { flow: "Flow", ai: "AI", knowledge: "Knowledge", data: "Data", people: "People", connect: "Connections" };

/** @param {string} category */
export const shelfTitle = (category) => TITLES[category.toLowerCase()] ?? words(category);

/** The types that match every typed word, best first in each category. @param {NodeType[]} types @param {string} typed @returns {Shelf[]} */
export function shelves(types, typed) {
  const asked = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const scored = types
    .map((type) => ({ type, score: scoreOf(type, asked) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.type.label.localeCompare(b.type.label));
  /** @type {Map<string, NodeType[]>} */
  const found = new Map();
  for (const { type } of scored) found.set(type.category, [...(found.get(type.category) ?? []), type]);
  const rank = (/** @type {string} */ category) => (ORDER.indexOf(category.toLowerCase()) + 1 || ORDER.length + 1);
  const inOrder = [...found].map(([category, each]) => ({ category, types: each }));
  return asked.length ? inOrder : inOrder.sort((a, b) => rank(a.category) - rank(b.category));
}

/** @param {NodeType} type @param {string[]} asked */
function scoreOf(type, asked) {
  const label = type.label.toLowerCase();
  const rest = `${type.summary} ${type.category} ${type.type}`.toLowerCase();
  let score = 1;
  for (const word of asked) {
    if (label.startsWith(word)) score += 8;
    else if (label.includes(word)) score += 4;
    else if (rest.includes(word)) score += 1;
    else return 0;
  }
  return score;
}
