/**
 * The document as JSON: what runtime/graph/document.py holds, and what the server describes about it.
 *
 * @typedef {{ retries?: number, wait_s?: number, factor?: number, timeout_s?: number | null, then?: "stop" | "fallback" | "exit", fallback?: Record<string, any> }} OnFailure
 * @typedef {{ type: string, version: number, settings: Record<string, any>, inside?: string, on_failure?: OnFailure }} Step
 * @typedef {{ from: string, to: string }} Edge
 * @typedef {{ label: string, help: string }} Label
 * @typedef {{ title: string, note: string, labels: Record<string, Label> }} StepWords
 * @typedef {[number, number]} Place
 * @typedef {[number, number]} Extent width and height of a container
 * @typedef {{ kind: string, start: any }} Variable
 * @typedef {{ time_limit_s?: number | null, step_limit?: number | null, token_limit?: number | null, cost_limit?: number | null, audience_class?: string, error_workflow?: { name: string, content: string } | null }} RunSettings
 * @typedef {{ x: number, y: number, w: number, h: number, color: string }} Box
 * @typedef {{ steps: Record<string, Step>, edges: Edge[], variables: Record<string, Variable>, conversation: Record<string, Variable>, run: RunSettings }} Meaning
 * @typedef {{ title: string, description: string, icon: string, steps: Record<string, StepWords>, notes: Record<string, string> }} Words
 * @typedef {{ steps: Record<string, Place>, sizes: Record<string, Extent>, notes: Record<string, Box> }} Layout
 * @typedef {{ greenlane: number, name: string, words: Words, meaning: Meaning, layout: Layout }} Document
 *
 * @typedef {{ name: string, label: string, help: string, control: string, required: boolean, default: any,
 *   dynamic: null | "text" | "value", options: { value: any, label: string, kinds?: string[] }[], advanced: boolean,
 *   when: null | [string, any], example: string, min: number | null, max: number | null, max_length: number | null,
 *   row: string, inside?: boolean, fields: FieldSpec[], item: FieldSpec | null }} FieldSpec
 * @typedef {{ id: string, label: string }} Exit
 * @typedef {{ name: string, kind: string, description: string, fields: OutputSpec[] }} OutputSpec
 * @typedef {{ title: string, settings: Record<string, any>, output: any, exit: string, fails: string }} ExampleSpec
 * @typedef {{ type: string, version: number, label: string, icon: string, category: string, summary: string, help: string,
 *   effects: string[], container?: string, fields: FieldSpec[], exits: Exit[], outputs: OutputSpec[], examples: ExampleSpec[],
 *   broken: string | null }} NodeType
 * @typedef {{ code: string, sentence: string, hint: string, severity: "error" | "warning", step: string | null,
 *   field: string | null, edge: Edge | null }} Problem
 * @typedef {{ revision: number, problems: Problem[], outputs: Record<string, OutputSpec[]>, exits: Record<string, Exit[]>,
 *   inner?: Record<string, OutputSpec[]>, older?: Record<string, { version: number, settings: Record<string, any> }>, hash: string, crossings?: import("./governing.js").Crossing[] }} Check
 */

/** @type {StepWords} */
export const NO_WORDS = { title: "", note: "", labels: {} };

/** What becomes of a step that fails, where nobody said anything. @type {Required<OnFailure>} */
export const FAILING = { retries: 0, wait_s: 1, factor: 1, timeout_s: null, then: "stop", fallback: {} };

/** A document with every part present, however little of it arrived. @param {any} raw @returns {Document} */
export function completed(raw) {
  return {
    greenlane: raw?.greenlane ?? 1,
    name: raw?.name ?? "workflow",
    words: { title: "", description: "", icon: "", steps: {}, notes: {}, ...raw?.words },
    meaning: { steps: {}, edges: [], variables: {}, conversation: {}, run: {}, ...raw?.meaning },
    layout: { steps: {}, sizes: {}, notes: {}, ...raw?.layout },
  };
}

/** The step and the exit an edge leaves by; a bare `ask` leaves by `done`. @param {string} from */
export function leaves(from) {
  const dot = from.indexOf(".");
  return dot < 0 ? { step: from, exit: "done" } : { step: from.slice(0, dot), exit: from.slice(dot + 1) };
}

/** The `from` of an edge; `done` is never written, so that an edge has one spelling. @param {string} step @param {string} exit */
export const from = (step, exit) => (exit === "done" ? step : `${step}.${exit}`);

/** An edge in its one spelling. @param {Edge} edge @returns {Edge} */
export const shortest = (edge) => (edge.from.endsWith(".done") ? { ...edge, from: edge.from.slice(0, -5) } : edge);

/** @param {Edge} a @param {Edge} b */
export const sameEdge = (a, b) => edgeKey(a) === edgeKey(b);

/** One name for an edge, whichever way it is spelled. @param {Edge} edge */
export function edgeKey(edge) {
  const { step, exit } = leaves(edge.from);
  return `${step}.${exit}>${edge.to}`;
}

/** What people call a step: its title, else the label of its type, else its id. @param {Document} document @param {string} id @param {Map<string, NodeType>} [types] */
export function titleOf(document, id, types) {
  const step = document.meaning.steps[id];
  return document.words.steps[id]?.title || (step && types?.get(step.type)?.label) || id;
}

/** An id nobody has: `ask_model`, `ask_model_2`, … @param {Iterable<string>} taken @param {string} wish */
export function freshId(taken, wish) {
  const known = new Set(taken);
  const base = slug(wish) || "step";
  if (!known.has(base)) return base;
  for (let number = 2; ; number += 1) {
    const id = `${base.slice(0, 58)}_${number}`;
    if (!known.has(id)) return id;
  }
}

/** Words as an identifier: lower case letters, digits, underscore, a letter first. @param {string} words */
export function slug(words) {
  const plain = words
    .normalize("NFKD")
    .replace(/ß/g, "ss")
    .replace(/[\u0300-\u036f]/g, "");
  const joined = plain.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
  return (/^[a-z]/.test(joined) || !joined ? joined : `n_${joined}`).slice(0, 60).replace(/_+$/, "");
}
