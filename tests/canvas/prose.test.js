import assert from "node:assert/strict";
import { test } from "node:test";
import { blocksOf, tableOf } from "../../builder/components/prose_blocks.js";

test("lines that follow one another are one paragraph, an empty line begins the next", () => {
  assert.deepEqual(blocksOf("One\ntwo\n\n \nthree"), [
    { kind: "p", lines: ["One", "two"] },
    { kind: "p", lines: ["three"] },
  ]);
});

test("a heading is a block of its own, whatever its level", () => {
  assert.deepEqual(blocksOf("# Big\n### Small\ntext"), [
    { kind: "heading", lines: ["Big"] },
    { kind: "heading", lines: ["Small"] },
    { kind: "p", lines: ["text"] },
  ]);
});

test("lists end where the other kind begins, and go on counting after an empty line", () => {
  assert.deepEqual(blocksOf("- a\n* b\n1. c\n2) d\n\n3. e"), [
    { kind: "ul", lines: ["a", "b"] },
    { kind: "ol", lines: ["c", "d"], start: 1 },
    { kind: "ol", lines: ["e"], start: 3 },
  ]);
});

test("code keeps its lines as they are, also those that look like marks", () => {
  assert.deepEqual(blocksOf("Run:\n```sh\n# not a heading\n\n- not an item\n```\nDone"), [
    { kind: "p", lines: ["Run:"] },
    { kind: "code", lines: ["# not a heading", "", "- not an item"] },
    { kind: "p", lines: ["Done"] },
  ]);
});

test("code that a model has not finished yet is code already", () => {
  assert.deepEqual(blocksOf("```\nx = 1"), [{ kind: "code", lines: ["x = 1"] }]);
  assert.deepEqual(blocksOf("```"), [{ kind: "code", lines: [] }]);
});

test("what only looks like a mark is text, and no text is no block", () => {
  assert.deepEqual(blocksOf("#5 and -1"), [{ kind: "p", lines: ["#5 and -1"] }]);
  assert.deepEqual(blocksOf("\n\n"), []);
});

test("a list inside a list stands further in, and the outer one goes on counting", () => {
  assert.deepEqual(blocksOf("1. a\n   - b\n   - c\n2. d"), [
    { kind: "ol", lines: ["a"], start: 1 },
    { kind: "ul", lines: ["b", "c"], depth: 1 },
    { kind: "ol", lines: ["d"], start: 2 },
  ]);
  assert.deepEqual(blocksOf("Text\n  - a\n  - b"), [{ kind: "p", lines: ["Text"] }, { kind: "ul", lines: ["a", "b"] }]);
});

test("a table has a head, rows as long as it, and columns of numbers at the right", () => {
  const [table] = blocksOf("| City | Price |\n|---|---:|\n| Porto | 95 |\n| A\\|B |");
  assert.equal(table?.kind, "table");
  assert.deepEqual(tableOf(table?.lines ?? []), { head: ["City", "Price"], rows: [["Porto", "95"], ["A|B", ""]], right: [false, true] });
  assert.deepEqual(blocksOf("|x| is no table |").map((each) => each.kind), ["p"]);
});

test("quotes and rules", () => {
  assert.deepEqual(blocksOf("> a\n> b\n\n---\n- c"), [
    { kind: "quote", lines: ["a", "b"] },
    { kind: "rule", lines: [] },
    { kind: "ul", lines: ["c"] },
  ]);
});
