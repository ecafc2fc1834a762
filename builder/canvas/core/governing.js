/**
 * Versions and data flow as the editor shows them: what to mark on the canvas, which words changed, what goes where.
 *
 * @typedef {import("./document.js").Document} Document
 * @typedef {"added" | "removed" | "changed"} Mark
 * @typedef {{ kind: Mark, part: string, step: string | null, field: string, before: any, after: any, sentence: string, material: boolean, place: string }} Change
 * @typedef {{ code: string, reason: string, sentence: string, material: boolean, change: Change | null }} Ranked
 * @typedef {{ steps: Record<string, Mark>, edges: Record<string, Mark> }} Marks
 * @typedef {{ id: string, number: number, title: string, note: string, person: string, created: number, hash: string }} Version
 * @typedef {{ source: string, data_class: string, tags: string[], sink: string, sink_kind: string, clearance: string | null, outside: boolean, allowed: boolean, step: string, sentence: string }} Crossing
 * @typedef {{ id: string, name: string, inputs: Record<string, any>, expected: Expected[], status: "passed" | "failed" | "not_run", sentence: string, run: string }} Case
 * @typedef {{ output: string, operator: string, value: any }} Expected
 */
import { completed, edgeKey } from "./document.js";

/** Both documents in one: the newer, with what is gone where it was. @param {any} before @param {any} after @returns {Document} */
export function merged(before, after) {
  const [old, now] = [completed(before), completed(after)];
  const keys = new Set(now.meaning.edges.map(edgeKey));
  return {
    ...now,
    words: { ...now.words, steps: { ...old.words.steps, ...now.words.steps } },
    meaning: { ...now.meaning, steps: { ...old.meaning.steps, ...now.meaning.steps }, edges: [...now.meaning.edges, ...old.meaning.edges.filter((edge) => !keys.has(edgeKey(edge)))] },
    layout: { ...now.layout, steps: { ...old.layout.steps, ...now.layout.steps } },
  };
}

/** What to mark on the canvas; a step whose words alone changed is not marked. @param {any} before @param {any} after @param {Ranked[]} changes @returns {Marks} */
export function marksOf(before, after, changes) {
  const [old, now] = [completed(before), completed(after)];
  /** @type {Marks} */
  const marks = { steps: {}, edges: {} };
  for (const { change } of changes) {
    if (change?.step && change.material && change.part !== "edge") marks.steps[change.step] = "changed";
  }
  for (const id of Object.keys(now.meaning.steps)) if (!old.meaning.steps[id]) marks.steps[id] = "added";
  for (const id of Object.keys(old.meaning.steps)) if (!now.meaning.steps[id]) marks.steps[id] = "removed";
  const [oldKeys, nowKeys] = [old, now].map((document) => new Set(document.meaning.edges.map(edgeKey)));
  for (const key of nowKeys ?? []) if (!oldKeys?.has(key)) marks.edges[key] = "added";
  for (const key of oldKeys ?? []) if (!nowKeys?.has(key)) marks.edges[key] = "removed";
  return marks;
}

/** More pieces than this are not compared word by word: it would take too long. */
const MOST = 2000;

/**
 * Two texts as pieces: what both have, what went, what came. Whole words, with the space around them.
 * @param {string} before @param {string} after @returns {{ kind: "same" | "added" | "removed", text: string }[]}
 */
export function wordDiff(before, after) {
  const [a, b] = [before, after].map((text) => text.match(/\s+|[^\s]+/g) ?? []);
  if (!a || !b || a.length > MOST || b.length > MOST) return joined([{ kind: "removed", text: before }, { kind: "added", text: after }]);
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width); // longest common run of pieces behind each pair of places
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] = a[i] === b[j] ? at(longest, (i + 1) * width + j + 1) + 1 : Math.max(at(longest, (i + 1) * width + j), at(longest, i * width + j + 1));
    }
  }
  /** @type {{ kind: "same" | "added" | "removed", text: string }[]} */
  const pieces = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      pieces.push({ kind: "same", text: a[i] ?? "" });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && at(longest, (i + 1) * width + j) >= at(longest, i * width + j + 1))) {
      pieces.push({ kind: "removed", text: a[i] ?? "" });
      i += 1;
    } else {
      pieces.push({ kind: "added", text: b[j] ?? "" });
      j += 1;
    }
  }
  return joined(pieces);
}

/** @param {Uint16Array} list @param {number} index */
const at = (list, index) => list[index] ?? 0;

/** @template {{ kind: string, text: string }} T @param {T[]} pieces @returns {T[]} */
function joined(pieces) {
  /** @type {T[]} */
  const found = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    if (last?.kind === piece.kind) found[found.length - 1] = { ...last, text: last.text + piece.text };
    else if (piece.text) found.push(piece);
  }
  return found;
}

/** A value of a change as text: what a person typed as it is, all else as JSON. @param {any} value */
export function asWritten(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/** Flows by the place they lead to, those that must not be first. @param {Crossing[]} crossings @returns {{ sink: string, kind: string, clearance: string | null, outside: boolean, flows: Crossing[] }[]} */
export function bySink(crossings) {
  /** @type {Map<string, { sink: string, kind: string, clearance: string | null, outside: boolean, flows: Crossing[] }>} */
  const found = new Map();
  for (const each of crossings) {
    const key = `${each.sink_kind} ${each.sink}`;
    const place = found.get(key) ?? { sink: each.sink, kind: each.sink_kind, clearance: each.clearance, outside: each.outside, flows: [] };
    place.flows.push(each);
    found.set(key, place);
  }
  const wrong = (/** @type {{ flows: Crossing[] }} */ place) => place.flows.filter((each) => !each.allowed).length;
  return [...found.values()].sort((a, b) => wrong(b) - wrong(a));
}

/** The outputs a test case may expect: what the finish steps hand back. @param {Document} document @returns {string[]} */
export function outputsOf(document) {
  const finishes = Object.values(document.meaning.steps).filter((step) => step.type === "flow.finish");
  return [...new Set(finishes.flatMap((step) => (Array.isArray(step.settings.outputs) ? step.settings.outputs : []).map((/** @type {any} */ each) => String(each?.name ?? ""))).filter(Boolean))];
}

/** The operators a test case may use, with their words. */
export const OPERATORS = [
  ["contains", "contains"], ["contains_not", "does not contain"], ["is", "is"], ["is_not", "is not"], ["starts_with", "starts with"],
  ["equal", "="], ["at_least", "≥"], ["at_most", "≤"], ["is_not_empty", "is not empty"], ["is_empty", "is empty"],
];
/** Operators without a right side. */
export const ONE_SIDED = new Set(["is_empty", "is_not_empty"]);
