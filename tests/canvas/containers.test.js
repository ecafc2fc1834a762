import assert from "node:assert/strict";
import { test } from "node:test";
import { addStep, looseEnd, putInto, removeSelected, shownPlaces, tidyUp, whyNot } from "../../builder/canvas/core/building.js";
import { clipOf, copied, pasteInto, pasted } from "../../builder/canvas/core/clipboard.js";
import { HEAD, LEAST, PAD, around, containerAt, extents, holders, lyingIn, onDrawing, withRoom } from "../../builder/canvas/core/containers.js";
import { completed } from "../../builder/canvas/core/document.js";
import { applyAll } from "../../builder/canvas/core/edits.js";
import { CARD } from "../../builder/canvas/core/layout.js";
import { changeable, chipWords, choicesFor } from "../../builder/canvas/core/references.js";
import { itemWords, itemsOf, pathWords } from "../../builder/canvas/core/run.js";
import { NOTHING, neighbour, only, readingOrder } from "../../builder/canvas/core/selection.js";

const DONE = [{ id: "done", label: "" }];
/** @type {any} */
const JOIN = { type: "data.join_text", version: 1, label: "Join text", exits: DONE, fields: [] };
/** @type {Map<string, any>} */
const TYPES = new Map(Object.entries({
  "data.join_text": JOIN,
  "flow.each": { type: "flow.each", label: "For each", container: "each", exits: DONE, outputs: [{ name: "output", kind: "list", description: "", fields: [] }], fields: [] },
  "flow.repeat": { type: "flow.repeat", label: "Loop", container: "repeat", exits: DONE, outputs: [], fields: [] },
  "flow.set_value": { type: "flow.set_value", label: "Set value", exits: DONE, outputs: [], fields: [{ name: "changes", control: "rows", item: null, fields: [{ name: "variable", control: "variable", fields: [] }] }] },
}));
const exits = () => DONE;

/** start → all [ ask → again [ set ] ] → finish */
const drawn = () => completed({
  name: "nested",
  words: { steps: { all: { title: "Every ticket", note: "", labels: {} } } },
  meaning: {
    steps: {
      start: { type: "flow.start", version: 1, settings: {} },
      all: { type: "flow.each", version: 1, settings: {} },
      ask: { type: "data.join_text", version: 1, settings: { texts: ["{{ all.item }}", "{{ start.text }}"] }, inside: "all" },
      again: { type: "flow.repeat", version: 1, settings: {}, inside: "all" },
      set: { type: "flow.set_value", version: 1, settings: { changes: [{ variable: "again.count" }, { variable: "total" }] }, inside: "again" },
      finish: { type: "flow.finish", version: 1, settings: {} },
    },
    edges: [{ from: "all", to: "finish" }, { from: "ask", to: "again" }, { from: "start", to: "all" }],
    variables: { total: { kind: "number", start: 0 } },
    conversation: { name: { kind: "text", start: "" } },
  },
  layout: { steps: { start: [0, 0], all: [340, 0], ask: [60, 100], again: [400, 100], set: [60, 100], finish: [1400, 0] } },
});
const INNER = { all: [{ name: "item", kind: "any", description: "", fields: [] }], again: [{ name: "count", kind: "number", description: "", fields: [] }, { name: "round", kind: "number", description: "", fields: [] }] };
const applied = (/** @type {any} */ document, /** @type {any[]} */ edits) => applyAll(document, edits).document;
const frames = (/** @type {any} */ document) => extents(document, ["all", "again"]);

test("what lies in what, however deep", () => {
  assert.deepEqual(lyingIn(drawn(), "all"), ["ask", "again", "set"]);
  assert.deepEqual(around(drawn(), "set"), ["again", "all"]);
  assert.deepEqual([...holders(drawn()).keys()], ["start", "all", "ask", "again", "set", "finish"]);
});

test("a circle and a stranger are drawn outside, so that nothing is lost from sight", () => {
  const document = drawn();
  document.meaning.steps.all = /** @type {any} */ ({ ...document.meaning.steps.all, inside: "again" });
  document.meaning.steps.ask = /** @type {any} */ ({ ...document.meaning.steps.ask, inside: "nobody" });
  assert.equal(holders(document).size, 6);
  assert.equal(holders(document).get("ask"), "");
});

test("a container is as large as what lies inside asks for, the outer one around the inner one, and larger when pulled", () => {
  const { all, again } = frames(drawn());
  assert.deepEqual(again, { w: LEAST.w, h: Math.max(LEAST.h, 100 + 80 + PAD) });
  assert.ok(all && again && all.w >= 400 + again.w + PAD && all.h >= 100 + again.h + PAD);
  const pulled = applied(drawn(), [{ edit: "resize", sizes: { again: [900, 100] } }]);
  assert.equal(frames(pulled).again?.w, 900);
  assert.equal(frames(pulled).again?.h, again.h, "never smaller than what is inside");
});

test("the innermost container under a point is found, but never what is dragged itself", () => {
  const document = drawn();
  const places = onDrawing(document);
  assert.deepEqual(places.set, [340 + 400 + 60, 200]);
  assert.equal(containerAt(document, frames(document), places, [820, 220]), "again");
  assert.equal(containerAt(document, frames(document), places, [820, 220], ["again"]), "all");
  assert.equal(containerAt(document, frames(document), places, [10, 10]), "");
});

test("what is dropped into a container stands below its head, and says what was cut", () => {
  const { edits, cut } = putInto(drawn(), "again", { ask: [-30, 5] });
  const after = applied(drawn(), edits);
  assert.equal(after.meaning.steps.ask?.inside, "again");
  assert.equal(cut, 1);
  assert.ok((after.layout.steps.ask?.[0] ?? 0) >= 0 && (after.layout.steps.ask?.[1] ?? 0) >= HEAD - 20);
  assert.equal(putInto(drawn(), "", { ask: [0, 400], again: [400, 400] }).cut, 0, "what goes together stays joined");
});

test("the first step inside stands at the beginning, the next goes after it, and what stands beside makes room", () => {
  const empty = applied(drawn(), removeSelected(drawn(), only("set")));
  const { edits, id } = addStep(empty, JOIN, { inside: "again" }, exits);
  const after = applied(empty, edits);
  assert.equal(after.meaning.steps[id]?.inside, "again");
  assert.deepEqual(after.layout.steps[id], [PAD, HEAD]);
  assert.deepEqual(looseEnd(after, exits, "again"), { after: { step: id } });
  const more = addStep(after, JOIN, { after: { step: id }, inside: "again" }, exits);
  const all = withRoom(after, more.edits, applied, TYPES, {});
  const roomy = applied(after, all);
  assert.ok(roomy.meaning.edges.some((edge) => edge.from === id && edge.to === more.id));
  const right = 340 + (frames(roomy).all?.w ?? 0);
  assert.ok((roomy.layout.steps.finish?.[0] ?? 0) >= right, "the finish moved out of the way");
  assert.equal(roomy.layout.steps.start?.[0], 0);
});

test("a step after one inside lies inside, too", () => {
  const { edits, id } = addStep(drawn(), JOIN, { after: { step: "ask" } }, exits);
  const after = applied(drawn(), edits);
  assert.equal(after.meaning.steps[id]?.inside, "all");
  assert.ok(after.meaning.edges.some((edge) => edge.from === id && edge.to === "again"));
});

test("no connection crosses a border", () => {
  assert.match(whyNot(drawn(), { from: "start", to: "ask" }) ?? "", /border/);
  assert.equal(whyNot(drawn(), { from: "start", to: "finish" }), null);
});

test("tidying up orders what lies inside first, gives sizes back, and nothing overlaps", () => {
  const pulled = applied(drawn(), [{ edit: "resize", sizes: { all: [3000, 2000] } }]);
  const after = applied(pulled, tidyUp(pulled, {}, TYPES));
  assert.deepEqual(after.layout.sizes, {});
  assert.equal(after.layout.steps.ask?.[0], PAD);
  assert.ok((after.layout.steps.ask?.[1] ?? 0) >= HEAD);
  const { all } = frames(after);
  assert.ok((after.layout.steps.finish?.[0] ?? 0) >= (after.layout.steps.all?.[0] ?? 0) + (all?.w ?? 0));
  assert.ok((after.layout.steps.again?.[0] ?? 0) >= (after.layout.steps.ask?.[0] ?? 0) + CARD.w);
  const nowhere = { ...drawn(), layout: { steps: {}, sizes: {}, notes: {} } };
  assert.equal(Object.keys(shownPlaces(nowhere, TYPES)).length, 6);
});

test("a container is copied with what lies inside; the copy refers to itself", () => {
  const clip = clipOf(copied(drawn(), { ...NOTHING, steps: ["all"] }));
  assert.ok(clip);
  assert.deepEqual(clip.steps.map((each) => each.id), ["all", "ask", "again", "set"]);
  const { edits, ids } = pasted(drawn(), clip, { by: [40, 40] }, TYPES);
  const after = applied(drawn(), edits);
  const [all = "", ask = "", again = "", set = ""] = ids;
  assert.equal(after.meaning.steps[ask]?.inside, all);
  assert.equal(after.meaning.steps[set]?.inside, again);
  assert.deepEqual(after.meaning.steps[ask]?.settings.texts, [`{{ ${all}.item }}`, "{{ start.text }}"]);
  assert.deepEqual(after.meaning.steps[set]?.settings.changes, [{ variable: `${again}.count` }, { variable: "total" }]);
  assert.deepEqual(after.layout.steps[ask], [60, 100], "where it stood inside");
  assert.deepEqual(after.layout.steps[all], [380, 40]);
});

test("a copy goes into the chosen container, but a container never into itself", () => {
  const one = clipOf(copied(drawn(), { ...NOTHING, steps: ["start"] }));
  const whole = clipOf(copied(drawn(), { ...NOTHING, steps: ["again"] }));
  assert.ok(one && whole);
  assert.equal(pasteInto(drawn(), one, ["again"], TYPES), "again");
  assert.equal(pasteInto(drawn(), one, ["ask"], TYPES), "all");
  assert.equal(pasteInto(drawn(), whole, ["again"], TYPES), "all");
  assert.equal(pasteInto(drawn(), one, [], TYPES), "");
  const { edits, ids } = pasted(drawn(), whole, { inside: "all" }, TYPES);
  assert.equal(applied(drawn(), edits).meaning.steps[ids[0] ?? ""]?.inside, "all");
});

test("inside a container its own values are offered, then what comes before it; outside, only what it hands on", () => {
  const known = { inner: INNER };
  assert.deepEqual(choicesFor(drawn(), "set", known, TYPES).map((group) => group.id), ["in again", "in all", "variables", "conversation", "run"]);
  const inside = choicesFor(drawn(), "set", known, TYPES).flatMap((group) => group.choices.map((each) => each.path.join(".")));
  assert.ok(inside.includes("all.item") && inside.includes("again.round") && inside.includes("conversation.name"));
  assert.ok(!choicesFor(drawn(), "finish", known, TYPES).some((group) => group.choices.some((each) => each.path.join(".") === "all.item")));
  assert.deepEqual(choicesFor(drawn(), "finish", known, TYPES)[0]?.choices[0]?.path, ["all", "output"]);
  const result = choicesFor(drawn(), "all", known, TYPES, true).map((group) => group.id);
  assert.ok(result.includes("in all"), "a setting read inside may name what the container hands inside");
});

test("a step may change variables of the run, of the conversation, and of the loops around it", () => {
  assert.deepEqual(changeable(drawn(), "set", INNER, TYPES).flatMap((group) => group.names), ["again.count", "total", "conversation.name"]);
  assert.deepEqual(changeable(drawn(), "ask", INNER, TYPES).flatMap((group) => group.names), ["total", "conversation.name"]);
  assert.deepEqual(chipWords(drawn(), ["conversation", "name"]), { title: "Conversation", field: "name", known: true });
});

test("Tab walks into a container and out of it; arrows see where things are on the drawing", () => {
  assert.deepEqual(readingOrder(drawn()), ["start", "all", "ask", "again", "set", "finish"]);
  assert.equal(neighbour(drawn(), "ask", "right"), "again");
});

test("how far a container is, in words", () => {
  assert.equal(itemWords({ kind: "item", done: 12, failed: 0, of: 10000 }), "12 of 10,000 done");
  assert.equal(itemWords({ kind: "item", done: 9999, failed: 1, of: 10000 }), "9,999 of 10,000 done, 1 failed");
  assert.equal(itemWords({ kind: "item", done: 3, failed: 0, of: 3 }), "3 done");
  assert.equal(itemWords({ kind: "round", done: 3, failed: 0, of: 10 }, false), "3 of at most 10 rounds");
  assert.equal(itemWords({ kind: "round", done: 3, failed: 0, of: 10 }), "3 rounds");
  assert.equal(itemWords({ kind: "round", done: 1, failed: 0, of: null }), "1 round");
  assert.equal(itemWords(null), "");
  assert.equal(pathWords("loop[0]/each[3]", (step) => (step === "loop" ? "repeat" : "each")), "Round 1 › Item 4");
});

test("a container that was given, or never began, tells no items", () => {
  const items = { kind: /** @type {"item"} */ ("item"), done: 2, failed: 0, of: 4 };
  assert.equal(itemsOf({ status: "running", items }), "2 of 4 done");
  assert.equal(itemsOf({ status: "cancelled", items }), "2 of 4 done");
  assert.equal(itemsOf({ status: "done", items: { ...items, done: 0, of: 0 } }), "0 done");
  assert.equal(itemsOf({ status: "skipped", items: { ...items, done: 0 } }), "");
  assert.equal(itemsOf({ status: "done", items, origin: "given" }), "");
});
