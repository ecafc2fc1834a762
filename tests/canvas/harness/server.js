/** The other end of the line, in the browser: accepts edits, finds a few problems, plays a run. Stands in for the server while one works on the canvas. */
import { applyAll } from "../../../builder/canvas/core/edits.js";
import { completed, leaves } from "../../../builder/canvas/core/document.js";

const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {any} start @param {any[]} catalogue @param {(props: Record<string, any>) => void} show */
export function server(start, catalogue, show) {
  let document = completed(start);
  let revision = 1;
  let cancelled = false;
  const types = new Map(catalogue.map((type) => [type.type, type]));
  const check = () => ({ revision, problems: problemsOf(document, types), outputs: outputsOf(document, types), exits: exitsOf(document, types), inner: innerOf(document, types), hash: "" });
  /** @param {any[]} edits @param {string} batch @param {string} who */
  const accept = (edits, batch, who) => {
    document = applyAll(document, edits).document;
    revision += 1;
    show({ sync: { revision, changes: [{ revision, batch, client: batch.split("-")[0], who, edits }], refused: [] }, check: check() });
  };
  return {
    first: { opened: { document, revision, nonce: 1 }, check: check(), catalogue, aliases: [{ value: "fast", label: "Fast" }, { value: "careful", label: "Careful" }] },
    other: (/** @type {any[]} */ edits) => accept(edits, `other-${revision}`, "Grace"),
    onEdits: async (/** @type {any} */ sent) => {
      await wait(40);
      const theirs = /** @type {any} */ (window).refuseNext;
      if (theirs) {
        /** @type {any} */ (window).refuseNext = null;
        const [edit] = sent.edits;
        return show({ sync: { revision, changes: [], refused: [{ batch: sent.batch, sentence: "Someone else changed this.", conflicts: [{ what: "setting", step: edit.id, field: edit.field, yours: edit.value, theirs }] }] } });
      }
      return accept(sent.edits, sent.batch, "Ada");
    },
    onResync: () => show({ opened: { document, revision, nonce: Math.random() } }),
    onCancel: () => { cancelled = true; },
    onInspect: ({ run, step }) => show({ inspected: { run, step, input: { messages: [{ role: "user", text: "Which topic? My invoice is wrong." }] }, output: { text: "It is about an **invoice**.", data: { topic: "invoice", urgent: true }, finish_reason: "stop" }, usage: { tokens_in: 210, tokens_out: 42, cost: 0.0004 } } }),
    onRun: async () => {
      cancelled = false;
      const order = walk(document);
      const now = () => Date.now() / 1000;
      /** @type {any} */
      let run = { id: `r${Date.now()}`, status: "running", started: now(), ended: null, error: null, outputs: null, steps: Object.fromEntries(order.map((id) => [id, { status: "waiting" }])) };
      const put = (/** @type {string} */ id, /** @type {any} */ change) => {
        run = { ...run, steps: { ...run.steps, [id]: { ...run.steps[id], ...change } } };
        show({ run });
      };
      let n = 0;
      for (const id of order) {
        if (cancelled) break;
        const type = document.meaning.steps[id]?.type;
        put(id, { status: "running", started: now(), attempt: 1 });
        if (type === "ai.ask_model") {
          let offset = 0;
          for (const text of "Thank you for writing to us. The invoice of March counted one seat twice; we have corrected it and you get the difference back within five working days. ".match(/\S+\s*/g) ?? []) {
            if (cancelled) break;
            await wait(45);
            n += 1;
            show({ spoken: { run: run.id, n, deltas: [{ step: id, path: id, attempt: 1, try: 1, offset, text }] } });
            offset += text.length;
          }
        } else await wait(200);
        put(id, { status: "done", ended: now(), seconds: type === "ai.ask_model" ? 1.4 : 0.02, exit: exitsOf(document, types)[id]?.[0]?.id ?? "done", usage: type === "ai.ask_model" ? { tokens_in: 210, tokens_out: 42, cost: 0.0004 } : null });
      }
      run = { ...run, status: cancelled ? "cancelled" : "succeeded", ended: now(), outputs: cancelled ? null : { answer: "Thank you for writing to us. The invoice of March counted one seat twice.", topic: "invoice" } };
      show({ run });
    },
  };
}

/** @param {any} document */
function walk(document) {
  const ids = Object.keys(document.meaning.steps);
  return ids.sort((a, b) => (document.layout.steps[a]?.[0] ?? 0) - (document.layout.steps[b]?.[0] ?? 0));
}

/** @param {any} document @param {Map<string, any>} types */
function exitsOf(document, types) {
  return Object.fromEntries(Object.entries(document.meaning.steps).map(([id, step]) => {
    const cases = step.type === "flow.branch" ? (step.settings.cases ?? []).map((/** @type {any} */ each) => ({ id: each.id, label: each.id })) : [];
    const error = step.on_failure?.then === "exit" ? [{ id: "error", label: "Failed" }] : [];
    return [id, [...cases, ...(types.get(step.type)?.exits ?? [{ id: "done", label: "" }]), ...error]];
  }));
}

/** @param {any} document @param {Map<string, any>} types */
function innerOf(document, types) {
  const spec = (/** @type {string} */ name) => ({ name, kind: "any", description: "", fields: [] });
  return Object.fromEntries(Object.entries(document.meaning.steps).flatMap(([id, step]) => {
    const kind = types.get(step.type)?.container;
    return kind === "each" ? [[id, [spec("item"), spec("index")]]] : kind === "repeat" ? [[id, [...(step.settings.variables ?? []).map((/** @type {any} */ each) => spec(each.name)), spec("round")]]] : [];
  }));
}

/** @param {any} document @param {Map<string, any>} types */
function outputsOf(document, types) {
  return Object.fromEntries(Object.entries(document.meaning.steps).map(([id, step]) => {
    const inputs = step.type === "flow.start" ? (step.settings.inputs ?? []).map((/** @type {any} */ input) => ({ name: input.name, kind: "text", description: "", fields: [] })) : [];
    const data = step.settings.answer_schema ? [{ name: "data", kind: "object", description: "The named answers", fields: Object.keys(step.settings.answer_schema.properties ?? {}).map((name) => ({ name, kind: "text", description: "", fields: [] })) }] : [];
    return [id, [...inputs, ...(types.get(step.type)?.outputs ?? []), ...data]];
  }));
}

/** @param {any} document @param {Map<string, any>} types */
function problemsOf(document, types) {
  const reached = new Set(document.meaning.edges.map((/** @type {any} */ edge) => edge.to));
  return Object.entries(document.meaning.steps).flatMap(([id, step]) => {
    const found = [];
    const problem = (/** @type {any} */ more) => found.push({ code: "x", hint: "", severity: "error", step: id, field: null, edge: null, ...more });
    if (!types.has(step.type)) problem({ sentence: `There is no step type “${step.type}”.` });
    if (step.type !== "flow.start" && !reached.has(id)) problem({ sentence: "Nothing leads to this step.", hint: "Connect a step to it.", severity: "warning" });
    if (step.type === "ai.ask_model" && !step.settings.messages?.length) problem({ sentence: "Write at least one message.", field: "messages" });
    for (const [index, message] of (step.settings.messages ?? []).entries()) if (!message?.text) problem({ sentence: "This message is empty.", field: `messages.${index}.text` });
    return found;
  });
}

export { leaves };
