/**
 * Questions about the drawn graph: what comes before, which exits a step has, how an edge went in a run.
 *
 * @typedef {import("./document.js").Document} Document
 * @typedef {import("./document.js").NodeType} NodeType
 * @typedef {import("./document.js").Check} Check
 */
import { leaves } from "./document.js";

/** Every step from which `id` can be reached, nearest first. @param {Document} document @param {string} id */
export function stepsBefore(document, id) {
  /** @type {Map<string, string[]>} */
  const sources = new Map();
  for (const edge of document.meaning.edges) {
    sources.set(edge.to, [...(sources.get(edge.to) ?? []), leaves(edge.from).step]);
  }
  const found = new Set([id]);
  for (const step of found) for (const source of sources.get(step) ?? []) found.add(source);
  found.delete(id);
  return [...found];
}

/** The steps an exit (or, without one, any exit) leads to. @param {Document} document @param {string} id @param {string} [exit] */
export function stepsAfter(document, id, exit) {
  return document.meaning.edges.flatMap((edge) => {
    const source = leaves(edge.from);
    return source.step === id && (exit === undefined || source.exit === exit) ? [edge.to] : [];
  });
}

/** Whether an edge from `source` to `target` would close a circle. @param {Document} document @param {string} source @param {string} target */
export function closesCircle(document, source, target) {
  return source === target || stepsBefore(document, source).includes(target);
}

/**
 * The ways out of a step as they are drawn: what the server computed from its settings, else the type's; the words a
 * person gave come first, and an exit that only an edge knows is shown so that the edge has somewhere to start.
 * @param {Document} document @param {string} id @param {NodeType | undefined} type @param {Check | null} check
 */
export function exitsOf(document, id, type, check) {
  const exits = check?.exits[id] ?? type?.exits ?? [{ id: "done", label: "" }];
  const labels = document.words.steps[id]?.labels ?? {};
  const shown = exits.map((exit) => ({ ...exit, label: labels[exit.id]?.label || exit.label }));
  for (const edge of document.meaning.edges) {
    const source = leaves(edge.from);
    if (source.step === id && !shown.some((exit) => exit.id === source.exit)) {
      shown.push({ id: source.exit, label: source.exit === "done" ? "" : source.exit });
    }
  }
  return shown;
}

/** The first step of the kind that starts a run. @param {Document} document */
export function startOf(document) {
  return Object.keys(document.meaning.steps).find((id) => document.meaning.steps[id]?.type === "flow.start") ?? null;
}
