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
 *
 * @typedef {{ edit: "add", id: string, step: Step, words?: StepWords, place?: Place | null, edges?: Edge[] }} Add
 * @typedef {{ edit: "remove", id: string }} Remove
 * @typedef {{ edit: "move", places: Record<string, Place> }} Move
 * @typedef {{ edit: "connect", edge: Edge }} Connect
 * @typedef {{ edit: "disconnect", edge: Edge }} Disconnect
 * @typedef {{ edit: "configure", id: string, field: string, value?: any, unset?: boolean }} Configure
 * @typedef {{ edit: "rename", id?: string | null, title: string }} Rename
 * @typedef {{ edit: "describe", id?: string | null, text: string }} Describe
 * @typedef {{ edit: "label", id: string, part: string, label?: Label | null }} Relabel
 * @typedef {{ edit: "declare", name: string, variable?: import("./document.js").Variable | null }} Declare
 * @typedef {{ edit: "limit", run: import("./document.js").RunSettings }} Limit
 * @typedef {Add | Remove | Move | Connect | Disconnect | Configure | Rename | Describe | Relabel | Declare | Limit} Edit
 */
import { NO_WORDS, edgeKey, leaves, sameEdge } from "./document.js";

/** The edit does not fit the document (any more); says why. */
export class EditError extends Error {}

/**
 * The document after the edit, and the edit that takes it back. The document that came in stays as it was.
 * @param {Document} document @param {Edit} edit @returns {{ document: Document, inverse: Edit }}
 */
export function apply(document, edit) {
  const { meaning, words, layout } = document;
  switch (edit.edit) {
    case "add": {
      if (meaning.steps[edit.id]) throw new EditError(`There already is a step “${edit.id}”.`);
      for (const edge of edit.edges ?? []) fits(document, edge, edit.id);
      const edges = edit.edges?.length ? [...meaning.edges, ...edit.edges] : meaning.edges;
      return {
        document: {
          ...document,
          meaning: { ...meaning, steps: { ...meaning.steps, [edit.id]: edit.step }, edges },
          words: hasWords(edit.words) ? { ...words, steps: { ...words.steps, [edit.id]: { ...NO_WORDS, ...edit.words } } } : words,
          layout: edit.place ? { ...layout, steps: { ...layout.steps, [edit.id]: edit.place } } : layout,
        },
        inverse: { edit: "remove", id: edit.id },
      };
    }
    case "remove": {
      const step = known(document, edit.id);
      const gone = meaning.edges.filter((edge) => touches(edge, edit.id));
      const edges = meaning.edges.filter((edge) => !touches(edge, edit.id));
      return {
        document: {
          ...document,
          meaning: { ...meaning, steps: without(meaning.steps, edit.id), edges },
          words: { ...words, steps: without(words.steps, edit.id) },
          layout: { ...layout, steps: without(layout.steps, edit.id) },
        },
        inverse: {
          edit: "add",
          id: edit.id,
          step,
          words: words.steps[edit.id] ?? NO_WORDS,
          place: layout.steps[edit.id] ?? null,
          edges: gone,
        },
      };
    }
    case "move": {
      /** @type {Record<string, Place>} */
      const before = {};
      for (const id of Object.keys(edit.places)) {
        known(document, id);
        const place = layout.steps[id];
        if (place) before[id] = place;
      }
      return {
        document: { ...document, layout: { ...layout, steps: { ...layout.steps, ...edit.places } } },
        inverse: { edit: "move", places: before },
      };
    }
    case "connect":
      fits(document, edit.edge);
      return {
        document: { ...document, meaning: { ...meaning, edges: [...meaning.edges, edit.edge] } },
        inverse: { edit: "disconnect", edge: edit.edge },
      };
    case "disconnect": {
      const found = meaning.edges.find((edge) => sameEdge(edge, edit.edge));
      if (!found) throw new EditError("That connection is no longer there.");
      return {
        document: { ...document, meaning: { ...meaning, edges: meaning.edges.filter((edge) => edge !== found) } },
        inverse: { edit: "connect", edge: found },
      };
    }
    case "configure": {
      const step = known(document, edit.id);
      const had = Object.hasOwn(step.settings, edit.field);
      const settings = edit.unset ? without(step.settings, edit.field) : { ...step.settings, [edit.field]: edit.value ?? null };
      return {
        document: withStep(document, edit.id, { ...step, settings }),
        inverse: had
          ? { edit: "configure", id: edit.id, field: edit.field, value: step.settings[edit.field] }
          : { edit: "configure", id: edit.id, field: edit.field, unset: true },
      };
    }
    case "rename":
      if (edit.id == null) {
        return { document: { ...document, words: { ...words, title: edit.title } }, inverse: { edit: "rename", title: words.title } };
      }
      known(document, edit.id);
      return {
        document: withWords(document, edit.id, { title: edit.title }),
        inverse: { edit: "rename", id: edit.id, title: words.steps[edit.id]?.title ?? "" },
      };
    case "describe":
      if (edit.id == null) {
        return {
          document: { ...document, words: { ...words, description: edit.text } },
          inverse: { edit: "describe", text: words.description },
        };
      }
      known(document, edit.id);
      return {
        document: withWords(document, edit.id, { note: edit.text }),
        inverse: { edit: "describe", id: edit.id, text: words.steps[edit.id]?.note ?? "" },
      };
    case "label": {
      known(document, edit.id);
      const labels = words.steps[edit.id]?.labels ?? {};
      const next = edit.label ? { ...labels, [edit.part]: edit.label } : without(labels, edit.part);
      return {
        document: withWords(document, edit.id, { labels: next }),
        inverse: { edit: "label", id: edit.id, part: edit.part, label: labels[edit.part] ?? null },
      };
    }
    case "declare": {
      const variables = edit.variable
        ? { ...meaning.variables, [edit.name]: edit.variable }
        : without(meaning.variables, edit.name);
      return {
        document: { ...document, meaning: { ...meaning, variables } },
        inverse: { edit: "declare", name: edit.name, variable: meaning.variables[edit.name] ?? null },
      };
    }
    case "limit":
      return { document: { ...document, meaning: { ...meaning, run: edit.run } }, inverse: { edit: "limit", run: meaning.run } };
  }
}

/** All edits in turn; the inverse list takes all of them back. @param {Document} document @param {Edit[]} edits */
export function applyAll(document, edits) {
  /** @type {Edit[]} */
  const inverse = [];
  for (const edit of edits) {
    const done = apply(document, edit);
    document = done.document;
    inverse.unshift(done.inverse);
  }
  return { document, inverse };
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
    case "connect":
    case "disconnect":
      return [`edge:${edgeKey(edit.edge)}`];
    case "configure":
      return [`field:${edit.id}:${edit.field}`];
    case "rename":
      return [`title:${edit.id ?? ""}`];
    case "describe":
      return [`note:${edit.id ?? ""}`];
    case "label":
      return [`label:${edit.id}:${edit.part}`];
    case "declare":
      return [`variable:${edit.name}`];
    case "limit":
      return ["limit"];
  }
}

/** The step an edit is about, where it is about one. @param {Edit} edit @returns {string | null} */
export function stepOf(edit) {
  if ("id" in edit) return edit.id ?? null;
  return "edge" in edit ? leaves(edit.edge.from).step : null;
}

/** @param {Document} document @param {string} id */
function known(document, id) {
  const step = document.meaning.steps[id];
  if (!step) throw new EditError(`The step “${id}” is no longer there.`);
  return step;
}

/** @param {Document} document @param {Edge} edge @param {string} [coming] a step that is about to exist */
function fits(document, edge, coming) {
  const { step } = leaves(edge.from);
  for (const id of [step, edge.to]) if (id !== coming) known(document, id);
  if (step === edge.to) throw new EditError("A step cannot lead to itself.");
  if (document.meaning.edges.some((each) => sameEdge(each, edge))) throw new EditError("These are already connected.");
}

/** @param {Edge} edge @param {string} id */
const touches = (edge, id) => edge.to === id || leaves(edge.from).step === id;

/** @param {StepWords | undefined} words */
const hasWords = (words) => !!words && !!(words.title || words.note || Object.keys(words.labels ?? {}).length);

/** @template T @param {Record<string, T>} all @param {string} key @returns {Record<string, T>} */
function without(all, key) {
  if (!Object.hasOwn(all, key)) return all;
  const { [key]: _, ...rest } = all;
  return rest;
}

/** @param {Document} document @param {string} id @param {Step} step @returns {Document} */
function withStep(document, id, step) {
  return { ...document, meaning: { ...document.meaning, steps: { ...document.meaning.steps, [id]: step } } };
}

/** @param {Document} document @param {string} id @param {Partial<StepWords>} change @returns {Document} */
function withWords(document, id, change) {
  const words = { ...NO_WORDS, ...document.words.steps[id], ...change };
  const steps = hasWords(words) ? { ...document.words.steps, [id]: words } : without(document.words.steps, id);
  return { ...document, words: { ...document.words, steps } };
}
