import assert from "node:assert/strict";
import { test } from "node:test";
import { completed } from "../../builder/canvas/core/document.js";
import { apply } from "../../builder/canvas/core/edits.js";
import * as sync from "../../builder/canvas/core/sync.js";

/** @typedef {import("../../builder/canvas/core/edits.js").Edit} Edit */

const DOCUMENT = completed({ name: "two", meaning: { steps: { ask: { type: "ai.ask_model", version: 1, settings: {} }, join: { type: "data.join_text", version: 1, settings: {} } } } });
/** @type {(id: string, field: string, value: any) => Edit} */
const set = (id, field, value) => ({ edit: "configure", id, field, value });
/** @type {(revision: number, batch: string, ...edits: Edit[]) => sync.Change} */
const change = (revision, batch, ...edits) => ({ revision, batch, client: batch.split("-")[0] ?? "", who: "Grace", edits });
/** @type {(state: sync.Sync, ...edits: Edit[]) => sync.Sync} */
const did = (state, ...edits) => sync.did(state, edits, "c1").sync;
/** @type {(state: sync.Sync, id: string, field: string) => any} */
const value = (state, id, field) => state.document.meaning.steps[id]?.settings[field];
const begun = () => sync.started(DOCUMENT, 5);

test("an edit shows at once and waits in one batch with the next", () => {
  const state = did(did(begun(), set("ask", "alias", "fast")), set("ask", "text", "Hi"));
  assert.equal(value(state, "ask", "alias"), "fast");
  assert.equal(state.pending.length, 1);
  assert.equal(state.base, DOCUMENT);
});

test("typing on in one field leaves one edit to send", () => {
  const state = ["H", "He", "Hel"].reduce((before, text) => did(before, set("ask", "text", text)), begun());
  assert.deepEqual(state.pending[0]?.edits, [set("ask", "text", "Hel")]);
});

test("one batch is under way at a time; what follows waits in the next", () => {
  const first = sync.next(did(begun(), set("ask", "text", "a")));
  assert.equal(first.batch?.saw, 5);
  const later = did(first.sync, set("ask", "text", "b"));
  assert.equal(sync.next(later).batch, null);
  const confirmed = sync.received(later, { changes: [change(6, "c1-1", set("ask", "text", "a"))], refused: [] });
  assert.equal(value(confirmed, "ask", "text"), "b");
  assert.deepEqual(sync.next(confirmed).batch, { batch: "c1-2", edits: [set("ask", "text", "b")], saw: 6, sent: true });
});

test("a change of somebody else goes below what is not confirmed", () => {
  const state = sync.received(did(begun(), set("ask", "text", "mine")), { changes: [change(6, "c2-1", set("join", "between", "space"))], refused: [] });
  assert.equal(value(state, "ask", "text"), "mine");
  assert.equal(value(state, "join", "between"), "space");
  assert.equal(state.revision, 6);
  assert.deepEqual(state.conflicts, []);
});

test("an unsent edit of the field somebody else just changed becomes a question, and its text is kept", () => {
  const state = sync.received(did(begun(), set("ask", "text", "mine"), set("ask", "alias", "fast")), { changes: [change(6, "c2-1", set("ask", "text", "theirs"))], refused: [] });
  assert.equal(value(state, "ask", "text"), "theirs");
  assert.equal(value(state, "ask", "alias"), "fast");
  assert.equal(state.conflicts[0]?.yours, "mine");
  assert.equal(state.conflicts[0]?.theirs, "theirs");
  assert.equal(state.conflicts[0]?.who, "Grace");
});

test("of a refused batch only what clashed is set aside; the rest is sent again", () => {
  const sent = sync.next(did(begun(), set("ask", "text", "mine"), set("ask", "alias", "fast"))).sync;
  const conflict = { what: "setting", step: "ask", field: "text", yours: "mine", theirs: "theirs" };
  const state = sync.received(sent, { changes: [change(6, "c2-1", set("ask", "text", "theirs"))], refused: [{ batch: "c1-1", sentence: "…", conflicts: [conflict] }] });
  assert.equal(state.conflicts.length, 1);
  assert.deepEqual(sync.next(state).batch?.edits, [set("ask", "alias", "fast")]);
  assert.notEqual(sync.next(state).batch?.batch, "c1-1");
});

test("keeping one's own after a conflict is a new edit", () => {
  const sent = sync.next(did(begun(), set("ask", "text", "mine"))).sync;
  const refusal = { batch: "c1-1", sentence: "…", conflicts: [{ what: "setting", step: "ask", field: "text", yours: "mine", theirs: "theirs" }] };
  const state = sync.received(sent, { changes: [change(6, "c2-1", set("ask", "text", "theirs"))], refused: [refusal] });
  const [conflict] = state.conflicts;
  assert.deepEqual(conflict?.edit, set("ask", "text", "mine"));
  assert.equal(value(did(sync.settled(state, /** @type {any} */ (conflict)), /** @type {any} */ (conflict?.edit)), "ask", "text"), "mine");
});

test("a batch refused for good is let go, with the reason", () => {
  const sent = sync.next(did(begun(), set("ask", "text", "mine"))).sync;
  const state = sync.received(sent, { changes: [], refused: [{ batch: "c1-1", sentence: "The workflow is gone.", conflicts: [] }] });
  assert.equal(value(state, "ask", "text"), undefined);
  assert.equal(state.lost, "The workflow is gone.");
});

test("work on a step somebody removed is let go, with the reason", () => {
  const state = sync.received(did(begun(), set("ask", "text", "mine")), { changes: [change(6, "c2-1", { edit: "remove", id: "ask" })], refused: [] });
  assert.equal(state.document.meaning.steps.ask, undefined);
  assert.deepEqual(state.pending, []);
  assert.match(state.lost, /There is no step/);
});

test("the same news twice changes nothing", () => {
  const news = { changes: [change(6, "c2-1", set("join", "between", "space"))], refused: [] };
  const once = sync.received(begun(), news);
  assert.equal(sync.received(once, news), once);
});

test("a missed revision is a gap, and nothing is sent until the document came again", () => {
  const state = sync.received(did(begun(), set("ask", "text", "mine")), { changes: [change(8, "c2-3", set("join", "between", "space"))], refused: [] });
  assert.equal(state.gap, true);
  assert.equal(sync.next(state).batch, null);
  const newer = apply(DOCUMENT, set("join", "between", "space")).document;
  const again = sync.reopened(state, newer, 8);
  assert.equal(value(again, "ask", "text"), "mine");
  assert.equal(value(again, "join", "between"), "space");
  assert.equal(sync.next(again).batch?.saw, 8);
});

test("places never conflict: the last one stands", () => {
  /** @type {(x: number) => Edit} */
  const move = (x) => ({ edit: "move", places: { ask: [x, 0] } });
  const state = sync.received(did(begun(), move(40)), { changes: [change(6, "c2-1", move(80))], refused: [] });
  assert.deepEqual(state.document.layout.steps.ask, [40, 0]);
  assert.deepEqual(state.conflicts, []);
});
