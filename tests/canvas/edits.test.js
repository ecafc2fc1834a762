import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { EditError, apply, applyAll } from "../../builder/canvas/core/edits.js";

/** @type {{ name: string, before: any, edit: any, after?: any, inverse?: any[], refused?: string }[]} */
const CASES = JSON.parse(readFileSync(new URL("edits.json", import.meta.url), "utf8"));
const plain = (/** @type {any} */ value) => JSON.parse(JSON.stringify(value));

for (const each of CASES) {
  test(`as in Python: ${each.name}`, () => {
    const before = structuredClone(each.before);
    if (each.refused) {
      assert.throws(() => apply(each.before, each.edit), new EditError(each.refused));
      return;
    }
    const done = apply(each.before, each.edit);
    assert.deepEqual(plain(done.document), each.after);
    assert.deepEqual(done.inverse, each.inverse);
    assert.deepEqual(each.before, before, "the document that came in was changed");
    assert.deepEqual(plain(applyAll(done.document, done.inverse).document), before, "the inverse does not take it back");
  });
}
