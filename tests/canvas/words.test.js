import assert from "node:assert/strict";
import { test } from "node:test";
import { completed, freshId, slug, titleOf } from "../../builder/canvas/core/document.js";
import { isShown, moved, newRow, shown, unknownSettings, withoutPlace } from "../../builder/canvas/core/fields.js";
import { checked, filledIn, initial, inputsOf } from "../../builder/canvas/core/form.js";
import { gist } from "../../builder/canvas/core/gist.js";
import { exitsOf } from "../../builder/canvas/core/graph.js";
import { begunWith, moved as movedTo } from "../../builder/canvas/core/hosts.js";
import { SHORTCUTS, chord, commandOf, keycaps } from "../../builder/canvas/core/keyboard.js";
import { shelves } from "../../builder/canvas/core/palette.js";
import { chipWords, choicesFor, parts, renamed, searched, single } from "../../builder/canvas/core/references.js";
import { columnsOf, duration, edgeStatus, heard, isLong, isMarked, showsAs, usageWords, waitsFor } from "../../builder/canvas/core/run.js";
import { answersOf, schemaOf } from "../../builder/canvas/core/schema.js";

/** @type {(more: any) => any} */
const spec = (more) => ({ name: "x", label: "X", control: "line", required: false, default: null, options: [], advanced: false, when: null, row: "", fields: [], item: null, ...more });

test("a step that asks says whom and until when, and no other step does", () => {
  const now = new Date(2026, 10, 3, 9, 0).getTime();
  const until = (/** @type {number} */ day, /** @type {number} */ hour) => new Date(2026, 10, day, hour, 0).getTime() / 1000;
  const asks = (/** @type {number | null} */ deadline) => /** @type {any} */ ({ status: "asking", asked: { title: "Buy it?", waits_for: "Procurement", deadline } });
  assert.equal(waitsFor(asks(until(3, 14)), now), "Waits for Procurement until 14:00");
  assert.match(waitsFor(asks(until(5, 8)), now), /^Waits for Procurement until .*5.*08:00$/);
  assert.equal(waitsFor(asks(null), now), "Waits for Procurement");
  assert.equal(waitsFor({ ...asks(null), status: "done" }, now), "");
});

test("text is cut into chips and what stands between", () => {
  assert.deepEqual(parts("Hi {{ start.name | upper }}, {{ask.data.topic}}!"), [
    { text: "Hi " },
    { ref: ["start", "name"], filters: "| upper", source: "{{ start.name | upper }}" },
    { text: ", " },
    { ref: ["ask", "data", "topic"], filters: "", source: "{{ask.data.topic}}" },
    { text: "!" },
  ]);
});

test("what is written literally or not finished stays text", () => {
  assert.deepEqual(parts("\\{{ a.b }} and {{ not"), [{ text: "\\{{ a.b }} and {{ not" }]);
  assert.equal(single("{{ a.b }} x"), null);
  assert.deepEqual(single(" {{ a.b }} "), ["a", "b"]);
});

test("a card tells what a step asks for or says, and else what its type does", () => {
  /** @type {any} */
  const type = { type: "ai.ask_model", summary: "Let a model write: or answer.", fields: [spec({ name: "alias" }), spec({ name: "messages", control: "rows", fields: [spec({ name: "text", dynamic: "text" })] })] };
  const document = completed({ ...FLOW, meaning: { ...FLOW.meaning, steps: { ...FLOW.meaning.steps, ask: { type: "ai.ask_model", settings: { alias: "fast", messages: [{ text: "Answer\n{{ start.mail }}" }] } } } } });
  assert.equal(gist(document, "ask", type), "Answer The mail");
  assert.equal(gist(document, "aside", type), "Let a model write");
  const guard = completed({ ...document, meaning: { ...document.meaning, steps: { ...document.meaning.steps, aside: { type: "data.guard", settings: { text: "{{ ask.text }}" } } } } });
  assert.equal(gist(guard, "aside", { ...type, fields: [spec({ name: "text", dynamic: "text" })] }), titleOf(guard, "ask"));
  assert.equal(gist(document, "start", { ...type, type: "flow.start" }), "Asks for The mail, count, tags");
});

test("an example fills in the inputs there are, each as its field holds it", () => {
  const input = (/** @type {string} */ name, /** @type {string} */ kind) => /** @type {any} */ ({ name, kind, required: true, default: null, options: [], min: null, max: null, max_length: null });
  const file = { id: "file_1", name: "a.csv", type: "text/csv", size: 3, sha256: "x" };
  const inputs = [input("table", "file"), input("papers", "files"), input("ordered", "number"), input("names", "list"), input("untouched", "text")];
  const filled = filledIn(inputs, { table: file, papers: [file, file], ordered: 950, names: ["Ada", "Grace"], gone: "x" });
  assert.deepEqual(filled, { table: [file], papers: [file, file], ordered: "950", names: "Ada\nGrace" });
  assert.deepEqual(checked(inputs.slice(0, 4), filled), { inputs: { table: file, papers: [file, file], ordered: 950, names: ["Ada", "Grace"] }, wrong: {} });
  assert.deepEqual(filledIn(inputs, { table: "not a file" }), { table: [] });
});

test("an address is begun with a connected system and keeps its path", () => {
  const hosts = [{ value: "https://api.example.com/", label: "Orders" }];
  assert.ok(begunWith(hosts, " https://API.example.com/orders"));
  assert.ok(begunWith(hosts, "https://api.example.com"));
  assert.ok(!begunWith(hosts, "https://api.example.com.evil.test/"));
  assert.ok(!begunWith(hosts, ""));
  assert.equal(movedTo("", "https://api.example.com/"), "https://api.example.com/");
  assert.equal(movedTo("http://old.test/orders/{{ start.id }}?a=http://x/", "https://api.example.com/"), "https://api.example.com/orders/{{ start.id }}?a=http://x/");
});

test("beside its field a problem does not say again where it is", () => {
  assert.equal(withoutPlace("“Ask a model”: Write what the model is to do.", "Ask a model"), "Write what the model is to do.");
  assert.equal(withoutPlace("“Value” (result 1) of “Finish”: “{{…” is no reference.", "Finish"), "“{{…” is no reference.");
  assert.equal(withoutPlace("No way leads from the start to “Finish”.", "Finish"), "No way leads from the start to “Finish”.");
});

const FLOW = completed({
  name: "flow",
  words: { steps: { start: { title: "New ticket", note: "", labels: { mail: { label: "The mail", help: "" } } } } },
  meaning: {
    steps: { start: { type: "flow.start", settings: { inputs: [{ name: "mail", kind: "paragraph" }, { name: "count", kind: "number", required: false, default: 3, max: 5 }, { name: "tags", kind: "list", required: false }] } }, ask: { type: "ai.ask_model", settings: {} }, aside: { type: "ai.ask_model", settings: {} } },
    edges: [{ from: "start", to: "ask" }],
    variables: { total: { kind: "number", start: 0 } },
  },
});

test("a chip says the title, not the id", () => {
  assert.deepEqual(chipWords(FLOW, ["start", "mail"]), { title: "New ticket", field: "The mail", known: true });
  assert.equal(chipWords(FLOW, ["gone", "text"]).known, false);
});

test("only steps that come before are offered, with what lies inside their values", () => {
  const outputs = { start: [{ name: "mail", kind: "text", description: "", fields: [] }], aside: [{ name: "text", kind: "text", description: "", fields: [] }] };
  const groups = choicesFor(FLOW, "ask", { outputs }, new Map());
  assert.deepEqual(groups.map((group) => group.id), ["start", "variables", "run"]);
  const nested = { start: [{ name: "data", kind: "object", description: "", fields: [{ name: "topic", kind: "text", description: "What it is about", fields: [] }] }] };
  const found = searched(choicesFor(FLOW, "ask", { outputs: nested }, new Map()), "topic");
  assert.deepEqual(found[0]?.choices[0]?.path, ["start", "data", "topic"]);
});

test("references are renamed however deep they stand", () => {
  const value = { rows: [{ value: "{{ ask.text }} and {{ other.text }}" }] };
  assert.deepEqual(renamed(value, new Map([["ask", "ask_2"]])), { rows: [{ value: "{{ ask_2.text }} and {{ other.text }}" }] });
});

test("a field is shown while its sibling has the value it waits for, default included", () => {
  const mode = spec({ name: "mode", default: "list" });
  const other = spec({ name: "other", when: ["mode", ["list", "map"]] });
  assert.equal(isShown(other, [mode, other], {}), true);
  assert.equal(isShown(other, [mode, other], { mode: "text" }), false);
  assert.deepEqual(shown([mode, spec({ name: "deep", advanced: true })], {}).advanced.map((each) => each.name), ["deep"]);
});

test("a new entry of a list has a name nobody has", () => {
  const cases = spec({ name: "cases", control: "rows", row: "case", fields: [spec({ name: "id", control: "name", required: true })] });
  assert.deepEqual(newRow(cases, [{ id: "case" }]), { id: "case_2" });
  assert.equal(newRow(spec({ control: "rows", item: spec({ control: "paragraph" }) }), []), "");
});

test("settings a type does not know are kept and shown", () => {
  assert.deepEqual(unknownSettings([spec({})], { x: 1, old: 2 }), ["old"]);
  assert.deepEqual(moved(["a", "b", "c"], 2, 0), ["c", "a", "b"]);
  assert.deepEqual(moved(["a"], 0, -1), ["a"]);
});

test("words become names", () => {
  assert.equal(slug("Größe des Kunden!"), "grosse_des_kunden");
  assert.equal(slug("2nd try"), "n_2nd_try");
  assert.equal(freshId(["ask"], "Ask"), "ask_2");
});

test("the run form asks in the person's words, starts from defaults, and says what is wrong", () => {
  const inputs = inputsOf(FLOW);
  assert.deepEqual(inputs.map((input) => input.label), ["The mail", "Count", "Tags"]);
  assert.deepEqual(initial(inputs, { mail: "last time" }), { mail: "last time", count: "3", tags: "" });
  assert.deepEqual(checked(inputs, { mail: " ", count: "9", tags: "a\n\nb" }), { inputs: { tags: ["a", "b"] }, wrong: { mail: "Please fill this in.", count: "At most 5." } });
  assert.deepEqual(checked(inputs, { mail: "Hi", count: "2,5" }).inputs, { mail: "Hi", count: 2.5 });
});

test("a chat asks for a message", () => {
  const chat = completed({ name: "chat", meaning: { steps: { start: { type: "flow.start", settings: { kind: "chat" } } } } });
  assert.deepEqual(inputsOf(chat).map((input) => input.name), ["message"]);
});

test("named answers are a schema and come back the same", () => {
  const schema = { type: "object", properties: { topic: { type: "string", description: "About", enum: ["a", "b"] }, tags: { type: "array", items: { type: "string" } }, who: { type: "object", properties: { age: { type: "number" } }, required: [], additionalProperties: false } }, required: ["topic"], additionalProperties: false };
  const answers = answersOf(schema);
  assert.deepEqual(answers?.map((answer) => answer.kind), ["choice", "list", "object"]);
  assert.deepEqual(schemaOf(answers ?? []), schema);
});

test("a schema that says more than the list can hold is left to the raw editor", () => {
  assert.equal(answersOf({ type: "object", properties: { a: { type: "string", pattern: "x" } } }), null);
  assert.deepEqual(answersOf(null), []);
});

test("exits carry the words a person gave, and an exit only an edge knows is drawn", () => {
  const document = completed({ name: "b", words: { steps: { b: { title: "", note: "", labels: { yes: { label: "Go on", help: "" } } } } }, meaning: { steps: { b: {}, c: {} }, edges: [{ from: "b.old", to: "c" }] } });
  /** @type {any} */
  const check = { exits: { b: [{ id: "yes", label: "yes" }] } };
  assert.deepEqual(exitsOf(document, "b", undefined, check), [{ id: "yes", label: "Go on" }, { id: "old", label: "old" }]);
});

test("keys mean commands, but not while somebody types", () => {
  assert.equal(commandOf({ key: "z", ctrlKey: true }, false), "undo");
  assert.equal(commandOf({ key: "Z", metaKey: true, shiftKey: true }, false), "redo");
  assert.equal(commandOf({ key: "?", shiftKey: true }, false), "help");
  assert.equal(commandOf({ key: "Delete" }, true), null);
  assert.equal(commandOf({ key: "Enter", ctrlKey: true }, true), "run");
  assert.equal(chord({ key: "ArrowLeft", shiftKey: true }), "shift+arrowleft");
});

test("no two commands share a key", () => {
  const keys = SHORTCUTS.flatMap((shortcut) => shortcut.keys);
  assert.equal(new Set(keys).size, keys.length);
  assert.deepEqual(keycaps("mod+shift+z"), ["Ctrl", "Shift", "Z"]);
});

test("the palette finds by name first, then by what a step does", () => {
  const types = [{ type: "data.join_text", label: "Join text", category: "data", summary: "Put texts together" }, { type: "ai.ask_model", label: "Ask a model", category: "ai", summary: "Join in with AI" }];
  const found = shelves(/** @type {any} */ (types), "join");
  assert.deepEqual(found.map((shelf) => shelf.category), ["data", "ai"]);
  assert.deepEqual(shelves(/** @type {any} */ (types), "").map((shelf) => shelf.category), ["ai", "data"]);
  assert.deepEqual(shelves(/** @type {any} */ (types), "fax"), []);
});

test("streamed text grows, survives doubles and emoji, and starts again with a new try", () => {
  /** @type {(offset: number, text: string, try_?: number) => any} */
  const delta = (offset, text, try_ = 1) => ({ step: "ask", path: "", attempt: 1, try: try_, offset, text });
  let streams = heard({}, [delta(0, "Hi 👋"), delta(4, " you")]);
  assert.equal(streams.ask?.text, "Hi 👋 you");
  streams = heard(streams, [delta(4, " you")]);
  assert.equal(streams.ask?.text, "Hi 👋 you");
  streams = heard(streams, [delta(0, "Again", 2), delta(8, "late", 1)]);
  assert.equal(streams.ask?.text, "Again");
});

test("an edge shows which way the run went", () => {
  /** @type {any} */
  const run = { id: "r", status: "running", steps: { b: { status: "done", exit: "yes" }, c: { status: "running" }, d: { status: "skipped" } } };
  assert.equal(edgeStatus(run, { from: "b.yes", to: "c" }), "flowing");
  assert.equal(edgeStatus(run, { from: "b.no", to: "d" }), "idle");
  assert.equal(edgeStatus(null, { from: "b", to: "c" }), null);
});

test("figures and values are said so that people can read them", () => {
  assert.equal(duration(0.04), "40 ms");
  assert.equal(duration(1.44), "1.4 s");
  assert.equal(duration(125), "2 min 5 s");
  assert.equal(usageWords({ tokens_in: 1000, tokens_out: 234, cost: 0.004 }), "1,234 tokens · $0.0040");
  assert.equal(showsAs({ a: 1 }), "pairs");
  assert.equal(showsAs([1, 2]), "list");
  assert.equal(showsAs(""), "nothing");
});

test("a list of flat objects is a table of all their names; anything deeper is none", () => {
  assert.equal(showsAs([{ who: "Ada", due: 1 }, { who: "Grace", done: true }]), "table");
  assert.deepEqual(columnsOf([{ who: "Ada", due: 1 }, { who: "Grace", done: true }]), ["who", "due", "done"]);
  assert.equal(columnsOf([{ who: { name: "Ada" } }]), null);
  assert.equal(columnsOf([{ a: 1 }, "b"]), null);
  assert.equal(columnsOf([{}]), null);
  assert.equal(showsAs([{ role: "user", text: "long ".repeat(60) }]), "rows");
});

test("what only looks like a file is shown as what it is", () => {
  const file = { id: "file_01a2", name: "bill.pdf", type: "application/pdf", size: 8, sha256: "0" };
  assert.equal(showsAs([file]), "files");
  for (const changed of [{ type: 1 }, { size: "8" }, { name: null }, { sha256: {} }, { id: "file_1/../../sign-out" }, { id: ["file_1"] }]) assert.equal(showsAs({ ...file, ...changed }), "pairs", JSON.stringify(changed));
});

test("marks of models are told from plain text, and long texts from short ones", () => {
  for (const marked of ["**Dear** Ada", "Three things:\n- one", "# Title", "1. first\n2. second"]) assert.ok(isMarked(marked), marked);
  for (const bare of ["Dear Ada", "2 * 3 ** 4", "a - b", "#hash"]) assert.ok(!isMarked(bare), bare);
  assert.ok(isLong("line\n".repeat(30)) && !isLong("short"));
});
