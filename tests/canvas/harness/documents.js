/** Workflows to look at: ticket triage, an empty one, one with what can go wrong, one with containers, one with 300 steps, one with 300 in containers. */

/** @param {string} name @returns {any} */
export function documents(name) {
  if (name === "empty") return { name: "new-workflow", words: { title: "New workflow" } };
  if (name === "many") return many(300);
  if (name === "crowd") return crowd(30, 10);
  if (name === "nested") return structuredClone(NESTED);
  const triage = structuredClone(TRIAGE);
  if (name === "broken") {
    triage.meaning.steps.fax = { type: "connect.send_fax", version: 1, settings: { number: "+49 30 123" } };
    triage.meaning.steps.reply.settings.messages.push({ role: "user", text: "" });
    triage.layout.steps.fax = [1080, 520];
  }
  return triage;
}

/** @type {any} */
const TRIAGE = {
  greenlane: 1,
  name: "ticket-triage",
  words: {
    title: "Ticket triage",
    description: "Sorts incoming tickets and drafts a reply.",
    steps: {
      start: { title: "New ticket", note: "", labels: { ticket: { label: "What the customer wrote", help: "Paste the whole mail." }, language: { label: "Language of the reply", help: "" } } },
      classify: { title: "Classify the ticket", note: "", labels: {} },
      branch: { title: "Which topic?", note: "", labels: { invoice: { label: "About an invoice", help: "" }, outage: { label: "Something is down", help: "" } } },
      reply: { title: "Draft a reply", note: "", labels: {} },
      alert: { title: "Text for the night shift", note: "", labels: {} },
    },
  },
  meaning: {
    steps: {
      start: { type: "flow.start", version: 1, settings: { inputs: [{ name: "ticket", kind: "paragraph" }, { name: "language", kind: "choice", options: ["English", "German"], default: "English", required: false }] } },
      classify: { type: "ai.ask_model", version: 1, settings: { messages: [{ role: "system", text: "Answer in one word." }, { role: "user", text: "Which topic does this ticket have?\n\n{{ start.ticket }}" }], answer_schema: { type: "object", properties: { topic: { type: "string", description: "What it is about", enum: ["invoice", "outage", "other"] }, urgent: { type: "boolean" } }, required: ["topic", "urgent"], additionalProperties: false } } },
      branch: { type: "flow.branch", version: 1, settings: { cases: [{ id: "invoice", match: "all", conditions: [{ left: "{{ classify.data.topic }}", operator: "is", right: "invoice" }] }, { id: "outage", match: "any", conditions: [{ left: "{{ classify.data.topic }}", operator: "is", right: "outage" }] }] } },
      reply: { type: "ai.ask_model", version: 1, settings: { messages: [{ role: "user", text: "Write a short, friendly reply in {{ start.language }} to:\n\n{{ start.ticket }}" }] } },
      alert: { type: "data.join_text", version: 1, settings: { texts: ["Please look at this now:", "{{ start.ticket }}"], between: "blank_line" } },
      first: { type: "flow.first_available", version: 1, settings: { values: ["{{ reply.text }}", "{{ alert.text }}"] } },
      finish: { type: "flow.finish", version: 1, settings: { outputs: [{ name: "answer", value: "{{ first.output }}" }] } },
    },
    edges: [{ from: "start", to: "classify" }, { from: "classify", to: "branch" }, { from: "branch.invoice", to: "reply" }, { from: "branch.outage", to: "alert" }, { from: "reply", to: "first" }, { from: "alert", to: "first" }, { from: "first", to: "finish" }],
    variables: { attempts: { kind: "number", start: 0 } },
    run: {},
  },
  layout: { steps: { start: [0, 100], classify: [340, 100], branch: [680, 100], reply: [1080, 0], alert: [1080, 240], first: [1420, 120], finish: [1760, 120] }, notes: {} },
};

/** @param {number} count */
function many(count) {
  /** @type {any} */
  const document = { name: "many", words: { title: "Many steps" }, meaning: { steps: {}, edges: [] }, layout: { steps: {} } };
  for (let index = 0; index < count; index += 1) {
    const id = `step_${index}`;
    document.meaning.steps[id] = { type: index % 3 ? "data.join_text" : "ai.ask_model", version: 1, settings: {} };
    document.layout.steps[id] = [(index % 20) * 320, Math.floor(index / 20) * 140];
    if (index % 20) document.meaning.edges.push({ from: `step_${index - 1}`, to: id });
  }
  return document;
}

/** @type {any} */
const NESTED = {
  greenlane: 1,
  name: "nested",
  words: { title: "Answer all tickets", steps: { start: { title: "Tickets", note: "", labels: {} }, all: { title: "Every ticket", note: "", labels: {} }, ask: { title: "Draft a reply", note: "", labels: {} }, again: { title: "Until it is polite", note: "", labels: {} }, post: { title: "Make it polite", note: "", labels: {} }, join: { title: "Sign it", note: "", labels: {} }, old: { title: "Look it up", note: "", labels: {} } } },
  meaning: {
    steps: {
      start: { type: "flow.start", version: 1, settings: { inputs: [{ name: "tickets", kind: "list" }] } },
      all: { type: "flow.each", version: 1, settings: { items: "{{ start.tickets }}", result: "{{ join.text }}" }, on_failure: { then: "exit" } },
      ask: { type: "ai.ask_model", version: 1, inside: "all", settings: { messages: [{ role: "user", text: "Reply to {{ all.item }}" }] }, on_failure: { retries: 2, then: "fallback", fallback: { text: "?" } } },
      again: { type: "flow.repeat", version: 1, inside: "all", settings: { variables: [{ name: "draft", kind: "text", start: "{{ ask.text }}" }] } },
      post: { type: "ai.ask_model", version: 1, inside: "again", settings: { messages: [{ role: "user", text: "More polite: {{ again.draft }}" }] } },
      join: { type: "data.join_text", version: 1, inside: "all", settings: { texts: ["{{ again.draft }}", "Yours"] } },
      old: { type: "flow.placeholder", version: 1, settings: { what: "tool: stock price", note: "Replace it by an HTTP request." } },
      finish: { type: "flow.finish", version: 1, settings: { outputs: [{ name: "replies", value: "{{ all.output }}" }] } },
    },
    edges: [{ from: "start", to: "all" }, { from: "all", to: "finish" }, { from: "all.error", to: "old" }, { from: "ask", to: "again" }, { from: "again", to: "join" }],
  },
};

/** @param {number} containers @param {number} each */
function crowd(containers, each) {
  const document = many(0);
  for (let outer = 0; outer < containers; outer += 1) {
    const id = `all_${outer}`;
    document.meaning.steps[id] = { type: "flow.each", version: 1, settings: {} };
    document.layout.steps[id] = [(outer % 5) * 1800, Math.floor(outer / 5) * 420];
    for (let inner = 0; inner < each; inner += 1) {
      const step = `step_${outer}_${inner}`;
      document.meaning.steps[step] = { type: inner % 3 ? "data.join_text" : "ai.ask_model", version: 1, inside: id, settings: {} };
      document.layout.steps[step] = [60 + (inner % 5) * 320, 100 + Math.floor(inner / 5) * 120];
      if (inner % 5) document.meaning.edges.push({ from: `step_${outer}_${inner - 1}`, to: step });
    }
  }
  return document;
}
