// A text as models write it, cut into blocks of lines. Pure: prose.jsx makes elements of them, tests/canvas tests it.

/**
 * @typedef {"p" | "heading" | "ul" | "ol" | "code" | "quote" | "rule" | "table"} Kind
 * @typedef {{ kind: Kind, lines: string[], start?: number, depth?: number }} Block `start` is what a numbered list counts
 *   from, `depth` in how many lists a list stands
 */

const HEADING = /^#{1,6}\s+(.*)$/;
const ITEM = /^(\s*)(?:[-*•]|(\d+)[.)])\s+(.*)$/;
const FENCE = /^\s*```/;
const QUOTE = /^\s{0,3}>\s?(.*)$/;
const RULE = /^\s{0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$/;
const ROW = /^\s*\|.*\|\s*$/;
const DIVIDER = /^\s*\|(?:\s*:?-+:?\s*\|)+\s*$/;
/** spaces by which a list inside another stands further in, and how far that is shown */
const DEEPER = 2;
const DEEPEST = 3;

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
  /** how far the list that goes on stands in by itself */
  let outermost = 0;
  for (const line of text.split("\n")) {
    const fence = FENCE.test(line);
    if (open?.kind === "code") {
      if (fence) open = null;
      else open.lines.push(line);
      continue;
    }
    /** @type {Block | null} */
    const begun = fence ? { kind: "code", lines: [] } : read(line);
    if (begun && isList(begun)) {
      if (!isList(blocks.at(-1))) outermost = begun.depth ?? 0;
      if (begun.depth && begun.depth > outermost) begun.depth -= outermost;
      else delete begun.depth;
    }
    if (begun && begun.kind === open?.kind && begun.depth === open.depth && begun.kind !== "heading") {
      open.lines.push(...begun.lines);
    } else {
      if (begun) blocks.push(begun);
      open = begun;
    }
  }
  return blocks.map((block) => (block.kind === "table" && !DIVIDER.test(block.lines[1] ?? "") ? { ...block, kind: "p" } : block));
}

/** @param {Block | undefined} block */
const isList = (block) => block?.kind === "ul" || block?.kind === "ol";

/**
 * The cells of a table, the first row its head, and where each column stands.
 * @param {string[]} lines
 * @returns {{ head: string[], rows: string[][], right: boolean[] }}
 */
export function tableOf([head = "", divider = "", ...rows]) {
  const names = cells(head);
  return { head: names, rows: rows.map((row) => names.map((_, at) => cells(row)[at] ?? "")), right: cells(divider).map((each) => /-:$/.test(each)) };
}

/** @param {string} row */
function cells(row) {
  return row.trim().slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/**
 * A line as a block of its own; an empty one is none.
 * @param {string} line
 * @returns {Block | null}
 */
function read(line) {
  const [, heading] = HEADING.exec(line) ?? [];
  if (heading !== undefined) return { kind: "heading", lines: [heading] };
  if (RULE.test(line)) return { kind: "rule", lines: [] };
  if (ROW.test(line)) return { kind: "table", lines: [line] };
  const [, quote] = QUOTE.exec(line) ?? [];
  if (quote !== undefined) return { kind: "quote", lines: [quote] };
  const [, space = "", number, item] = ITEM.exec(line) ?? [];
  if (item === undefined) return line.trim() ? { kind: "p", lines: [line] } : null;
  const depth = Math.min(DEEPEST, Math.floor(space.replaceAll("\t", "    ").length / DEEPER));
  const inside = depth ? { depth } : {};
  return number ? { kind: "ol", lines: [item], start: Number(number), ...inside } : { kind: "ul", lines: [item], ...inside };
}
