// A text as models write it, cut into blocks of lines. Pure: prose.jsx makes elements of them, tests/canvas tests it.

/**
 * @typedef {"p" | "heading" | "ul" | "ol" | "code"} Kind
 * @typedef {{ kind: Kind, lines: string[], start?: number }} Block `start` is what a numbered list counts from
 */

const HEADING = /^#{1,6}\s+(.*)$/;
const ITEM = /^\s*(?:[-*•]|(\d+)[.)])\s+(.*)$/;
const FENCE = /^\s*```/;

/**
 * Lines that belong together, without the marks that say so.
 * @param {string} text
 * @returns {Block[]}
 */
export function blocksOf(text) {
  /** @type {Block[]} */
  const blocks = [];
  /** @type {Block | null} what the next line may go on with */
  let open = null;
  for (const line of text.split("\n")) {
    const fence = FENCE.test(line);
    if (open?.kind === "code") {
      if (fence) open = null;
      else open.lines.push(line);
      continue;
    }
    /** @type {Block | null} */
    const begun = fence ? { kind: "code", lines: [] } : read(line);
    if (begun && begun.kind === open?.kind && begun.kind !== "heading") {
      open.lines.push(...begun.lines);
    } else {
      if (begun) blocks.push(begun);
      open = begun;
    }
  }
  return blocks;
}

/**
 * A line as a block of its own; an empty one is none.
 * @param {string} line
 * @returns {Block | null}
 */
function read(line) {
  const [, heading] = HEADING.exec(line) ?? [];
  if (heading !== undefined) return { kind: "heading", lines: [heading] };
  const [, number, item] = ITEM.exec(line) ?? [];
  if (item === undefined) return line.trim() ? { kind: "p", lines: [line] } : null;
  return number ? { kind: "ol", lines: [item], start: Number(number) } : { kind: "ul", lines: [item] };
}
