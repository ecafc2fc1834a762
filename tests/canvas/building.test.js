import assert from "node:assert/strict";
import { test } from "node:test";
import { addStep, lastEdge, looseEnd, nudged, removeSelected, shownPlaces, tidyUp, whyNot } from "../../builder/canvas/core/building.js";
import { clipOf, copied, pasted } from "../../builder/canvas/core/clipboard.js";
import { completed } from "../../builder/canvas/core/document.js";
import { applyAll } from "../../builder/canvas/core/edits.js";
import { CARD, overlap, tidied } from "../../builder/canvas/core/layout.js";
import { NOTHING, following, neighbour, readingOrder } from "../../builder/canvas/core/selection.js";

/** @type {any} */
const JOIN = { type: "data.join_text", version: 1, label: "Join text", exits: [{ id: "done", label: "" }] };
/** @type {any} */
const FINISH = { type: "flow.finish", version: 1, label: "Finish", exits: [] };

/** start → ask → finish, and a branch with two ways. */
const drawn = () => completed({
  name: "drawn",
  meaning: {
    steps: Object.fromEntries(["start", "ask", "finish"].map((id) => [id, { type: id === "ask" ? "ai.ask_model" : `flow.${id}`, version: 1, settings: id === "finish" ? { outputs: [{ name: "answer", value: "{{ ask.text }}" }] } : {} }])),
    edges: [{ from: "ask", to: "finish" }, { from: "start", to: "ask" }],
  },
  layout: { steps: { start: [0, 0], ask: [340, 0], finish: [680, 0] } },
});
const exits = (/** @type {any} */ document) => (/** @type {string} */ id) => (document.meaning.steps[id]?.type === "flow.finish" ? [] : [{ id: "done", label: "" }]);
/** @param {any} document @param {any} type @param {any} where */
const added = (document, type, where) => {
  const { edits, id } = addStep(document, type, where, exits(document));
  return { after: applyAll(document, edits).document, id };
};

test("a step added after another goes between it and the one thing that follows, which makes room", () => {
  const { after, id } = added(drawn(), JOIN, { after: { step: "ask" } });
  assert.deepEqual(after.meaning.edges, [{ from: "ask", to: id }, { from: id, to: "finish" }, { from: "start", to: "ask" }]);
  assert.deepEqual(after.layout.steps[id], [680, 0]);
  assert.equal(after.layout.steps.finish?.[0], 1020);
});

test("a step added on an edge takes its place", () => {
  const { after, id } = added(drawn(), JOIN, { edge: { from: "start", to: "ask" } });
  assert.ok(after.meaning.edges.some((edge) => edge.from === "start" && edge.to === id));
  assert.ok(!after.meaning.edges.some((edge) => edge.from === "start" && edge.to === "ask"));
});

test("a step nothing leaves is added beside, never between", () => {
  const { after, id } = added(drawn(), FINISH, { after: { step: "ask" } });
  assert.ok(after.meaning.edges.some((edge) => edge.from === "ask" && edge.to === "finish"));
  assert.ok(after.meaning.edges.some((edge) => edge.from === "ask" && edge.to === id));
  assert.notDeepEqual(after.layout.steps[id], after.layout.steps.finish);
});

test("ids are made from the type and never taken twice", () => {
  const first = added(drawn(), JOIN, { at: [0, 400] });
  assert.equal(first.id, "join_text");
  assert.equal(added(first.after, JOIN, { at: [0, 400] }).id, "join_text_2");
});

test("the first step after the start leads to the finish that waits, and has a title of its own", () => {
  const document = applyAll(drawn(), [{ edit: "remove", id: "ask" }]).document;
  const { after, id } = added(document, JOIN, { after: { step: "start" } });
  assert.deepEqual(after.meaning.edges, [{ from: id, to: "finish" }, { from: "start", to: id }]);
  assert.equal(after.words.steps[id]?.title, "Join text");
  assert.equal(added(after, JOIN, { at: [0, 400] }).after.words.steps.join_text_2?.title, "Join text 2");
});

test("the only loose end is where the next step goes", () => {
  const document = applyAll(drawn(), [{ edit: "disconnect", edge: { from: "ask", to: "finish" } }]).document;
  assert.deepEqual(looseEnd(document, exits(document)), { after: { step: "ask" } });
  assert.deepEqual(looseEnd(drawn(), exits(drawn())), {});
});

test("a step added to a finished flow comes before the finish, unless two ways lead there", () => {
  assert.deepEqual(lastEdge(drawn(), exits(drawn())), { from: "ask", to: "finish" });
  const two = applyAll(drawn(), [{ edit: "connect", edge: { from: "start", to: "finish" } }]).document;
  assert.equal(lastEdge(two, exits(two)), undefined);
});

test("removing a step in a row connects its neighbours, and one undo brings all back", () => {
  const before = drawn();
  const { document, inverse } = applyAll(before, removeSelected(before, { steps: ["ask"], edges: [], notes: [] }));
  assert.deepEqual(document.meaning.edges, [{ from: "start", to: "finish" }]);
  assert.deepEqual(applyAll(document, inverse).document, before);
});

test("circles, doubles and ways into the start are refused with a reason", () => {
  assert.match(whyNot(drawn(), { from: "ask", to: "ask" }) ?? "", /itself/);
  assert.match(whyNot(drawn(), { from: "ask.done", to: "finish" }) ?? "", /already/);
  assert.match(whyNot(drawn(), { from: "ask", to: "start" }) ?? "", /start/);
  const longer = added(drawn(), JOIN, { after: { step: "ask" } }).after;
  assert.match(whyNot(longer, { from: "join_text", to: "ask" }) ?? "", /circle/);
  assert.equal(whyNot(drawn(), { from: "start", to: "finish" }), null);
});

test("tidying stands steps left to right without any overlap", () => {
  /** @type {any} */
  const steps = {};
  /** @type {any[]} */
  const edges = [];
  for (let index = 0; index < 40; index += 1) {
    steps[`s${index}`] = { type: "data.join_text", version: 1, settings: {} };
    if (index) edges.push({ from: `s${Math.floor((index - 1) / 2)}`, to: `s${index}` });
  }
  const document = completed({ name: "tree", meaning: { steps, edges } });
  const places = tidied(document);
  for (const edge of edges) assert.ok((places[edge.from]?.[0] ?? 0) < (places[edge.to]?.[0] ?? 0));
  const cards = Object.values(places).map(([x, y]) => ({ x, y, ...CARD }));
  cards.forEach((a, index) => cards.slice(index + 1).forEach((b) => assert.ok(!overlap(a, b))));
  const done = applyAll(document, tidyUp(document, {})).document;
  assert.deepEqual(tidyUp(done, {}), []);
});

test("tidying survives a circle", () => {
  const document = completed({ name: "circle", meaning: { steps: { a: {}, b: {} }, edges: [{ from: "a", to: "b" }, { from: "b", to: "a" }] } });
  assert.deepEqual(Object.keys(tidied(document)).sort(), ["a", "b"]);
});

test("steps without a place get one, and those with one keep it", () => {
  const document = completed({ name: "x", meaning: { steps: { a: {}, b: {} }, edges: [{ from: "a", to: "b" }] }, layout: { steps: { a: [500, 60] } } });
  assert.deepEqual(shownPlaces(document).a, [500, 60]);
  assert.ok(shownPlaces(document).b);
  assert.deepEqual(nudged(document, { ...NOTHING, steps: ["a"] }, 20, 0), [{ edit: "move", places: { a: [520, 60] } }]);
});

test("pasted steps get new ids, and their references follow", () => {
  const document = drawn();
  const clip = clipOf(copied(document, { steps: ["ask", "finish"], notes: [] }));
  assert.ok(clip);
  const { edits, ids } = pasted(document, clip, { by: [40, 40] });
  const after = applyAll(document, edits).document;
  assert.deepEqual(ids, ["ask_2", "finish_2"]);
  assert.equal(after.meaning.steps.finish_2?.settings.outputs[0].value, "{{ ask_2.text }}");
  assert.ok(after.meaning.edges.some((edge) => edge.from === "ask_2" && edge.to === "finish_2"));
  assert.deepEqual(after.layout.steps.ask_2, [380, 40]);
});

test("any other text in the clipboard is not ours", () => {
  assert.equal(clipOf("hello"), null);
  assert.equal(clipOf('{"steps": []}'), null);
});

test("the arrows go to the nearest step, Tab walks in reading order and leaves at the end", () => {
  const document = completed({ name: "x", meaning: { steps: { a: {}, b: {}, c: {} } }, layout: { steps: { a: [0, 0], b: [340, 200], c: [340, 0] } } });
  assert.equal(neighbour(document, "a", "right"), "c");
  assert.equal(neighbour(document, "c", "down"), "b");
  assert.equal(neighbour(document, "a", "left"), null);
  assert.deepEqual(readingOrder(document), ["a", "c", "b"]);
  assert.equal(following(document, undefined, 1), "a");
  assert.equal(following(document, "b", 1), null);
  assert.equal(following(document, "c", -1), "a");
});

test("steps added one after another never leave an edge running backwards", () => {
  let document = applyAll(drawn(), [{ edit: "remove", id: "ask" }, { edit: "move", places: { finish: [340, 0] } }]).document;
  let last = "start";
  for (let count = 0; count < 4; count += 1) {
    const { after, id } = added(document, JOIN, { after: { step: last } });
    [document, last] = [after, id];
  }
  for (const { from, to } of document.meaning.edges) assert.ok((document.layout.steps[from]?.[0] ?? 0) < (document.layout.steps[to]?.[0] ?? 0), `${from} > ${to}`);
  assert.equal(document.meaning.edges.length, 5);
});

test("tidying puts a finish nothing leads to yet at the very right", () => {
  const document = applyAll(drawn(), [{ edit: "disconnect", edge: { from: "ask", to: "finish" } }, { edit: "move", places: { finish: [-400, 0] } }]).document;
  const { after } = { after: applyAll(document, tidyUp(document, {})).document };
  assert.ok((after.layout.steps.finish?.[0] ?? 0) > (after.layout.steps.ask?.[0] ?? 0));
});
