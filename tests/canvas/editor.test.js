import assert from "node:assert/strict";
import { test } from "node:test";
import { Editor } from "../../builder/canvas/core/editor.js";

/** An editor whose clock and line stand still until the test moves them. */
function opened() {
  /** @type {any[]} */
  const sent = [];
  /** @type {{ run: () => void, at: number }[]} */
  let timers = [];
  const line = { now: 0, resyncs: 0 };
  const editor = new Editor({
    client: "c1",
    now: () => line.now,
    later: (run, ms) => {
      const timer = { run, at: line.now + ms };
      timers.push(timer);
      return () => void (timers = timers.filter((each) => each !== timer));
    },
    edits: (batch) => void sent.push(batch),
    resync: () => void (line.resyncs += 1),
  });
  const step = { type: "data.join_text", version: 1, settings: {} };
  editor.opened({ document: { name: "one", meaning: { steps: { join: step } } }, revision: 1, nonce: 1 }, true);
  const pass = (/** @type {number} */ ms) => {
    line.now += ms;
    for (const timer of timers.filter((each) => each.at <= line.now)) {
      timers = timers.filter((each) => each !== timer);
      timer.run();
    }
  };
  return { editor, sent, line, pass };
}

/** @type {(text: string) => import("../../builder/canvas/core/edits.js").Edit} */
const note = (text) => ({ edit: "describe", id: "join", text });
const noteOf = (/** @type {Editor} */ editor) => editor.document.words.steps.join?.note ?? "";

test("typing travels in one batch after a short pause", () => {
  const { editor, sent, pass } = opened();
  for (const text of ["a", "ab", "abc"]) editor.do([note(text)], { gesture: "note" });
  assert.equal(noteOf(editor), "abc");
  assert.deepEqual(sent, []);
  pass(200);
  assert.deepEqual(sent, [{ saw: 1, batch: "c1-1", edits: [note("abc")] }]);
});

test("undo takes typing back as one, redo brings it again, both as new edits", () => {
  const { editor, sent, pass } = opened();
  for (const text of ["a", "ab"]) editor.do([note(text)], { gesture: "note" });
  pass(200);
  editor.received({ revision: 2, changes: [{ ...sent[0], revision: 2, client: "c1", who: "me" }], refused: [] });
  editor.undo();
  assert.equal(noteOf(editor), "");
  pass(200);
  assert.deepEqual(sent[1].edits, [note("")]);
  editor.redo();
  assert.equal(noteOf(editor), "ab");
});

test("what somebody else changed since is not undone over their head", () => {
  const { editor } = opened();
  editor.do([{ edit: "rename", id: "join", title: "Mine" }]);
  editor.state.sync = { ...editor.state.sync, pending: [] };
  editor.received({ revision: 2, changes: [{ revision: 2, batch: "c2-1", client: "c2", who: "Grace", edits: [{ edit: "rename", id: "join", title: "Theirs" }] }], refused: [] });
  editor.undo();
  assert.equal(editor.document.words.steps.join?.title, "Theirs");
});

test("without an answer the person is told, the document is asked for, and the same batch goes again", () => {
  const { editor, sent, line, pass } = opened();
  editor.do([note("kept")]);
  pass(200);
  pass(6000);
  assert.equal(editor.state.offline, true);
  assert.equal(line.resyncs, 1);
  assert.equal(noteOf(editor), "kept");
  pass(6000);
  assert.deepEqual(sent.map((batch) => batch.batch), ["c1-1", "c1-1"]);
  editor.received({ revision: 2, changes: [{ ...sent[0], revision: 2, client: "c1", who: "me" }], refused: [] });
  assert.equal(editor.state.offline, false);
  assert.deepEqual(editor.state.sync.pending, []);
});

test("an edit that does not fit is told and changes nothing", () => {
  const { editor } = opened();
  assert.equal(editor.do([{ edit: "rename", id: "gone", title: "x" }]), false);
  assert.match(editor.state.notice, /There is no step/);
});

test("a removed step leaves the selection", () => {
  const { editor } = opened();
  editor.select({ steps: ["join"], edges: [], notes: [] });
  editor.do([{ edit: "remove", id: "join" }]);
  assert.deepEqual(editor.state.selection.steps, []);
});

test("another workflow begins with nothing of the one before", () => {
  const { editor } = opened();
  editor.do([note("unsent")]);
  editor.opened({ document: { name: "two", meaning: { steps: {} } }, revision: 9, nonce: 1 }, false);
  assert.deepEqual(editor.state.sync.pending, []);
  assert.deepEqual(editor.state.history.past, []);
});

test("text of an earlier run is not shown under the new one", () => {
  const { editor } = opened();
  editor.ran({ id: "r1", status: "running", steps: {} });
  editor.spoken({ run: "r1", n: 1, deltas: [{ step: "join", path: "", attempt: 1, try: 1, offset: 0, text: "old" }] });
  editor.ran({ id: "r2", status: "running", steps: {} });
  editor.spoken({ run: "r1", n: 2, deltas: [{ step: "join", path: "", attempt: 1, try: 1, offset: 3, text: " more" }] });
  assert.deepEqual(editor.state.streams, {});
});

test("once a run has begun, a click on a step tells what it did there, until somebody goes back to the settings", () => {
  const { editor } = opened();
  editor.ran({ id: "r1", status: "queued", steps: {} });
  assert.equal(editor.state.tab, "settings");
  editor.ran({ id: "r1", status: "running", steps: { join: { status: "running" } } });
  editor.set({ overlay: { kind: "run", form: false } });
  editor.visit("join");
  assert.deepEqual([editor.state.tab, editor.state.overlay, editor.state.panel], ["run", null, true]);
  editor.set({ tab: "settings" });
  editor.ran({ id: "r1", status: "succeeded", steps: { join: { status: "done" } } });
  editor.visit("join");
  assert.equal(editor.state.tab, "settings");
});

test("a new step opens with its settings, whatever was looked at before", () => {
  const { editor } = opened();
  editor.set({ tab: "run" });
  editor.do([{ edit: "add", id: "new", step: { type: "data.join_text", version: 1, settings: {} }, words: { title: "", note: "", labels: {} }, place: [0, 200], edges: [] }], { select: { steps: ["new"], edges: [], notes: [] } });
  assert.equal(editor.state.tab, "settings");
});
