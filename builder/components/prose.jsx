// Text as models write it: headings, lists, bold, italics, code. Built from elements, never from HTML, and without
// links or images: nothing that a model says may run here or call anywhere.
import { Fragment } from "react";

const INLINE = /(`[^`\n]+`|\*\*[^*\n]+\*\*|\*[^*\s][^*\n]*\*)/;
const HEADING = /^#{1,6}\s+(.*)$/;
const ITEM = /^\s*(?:[-*•]|(\d+)[.)])\s+(.*)$/;
const FENCE = /^\s*```/;

function inline(text) {
  return text.split(INLINE).map((part, index) => {
    if (part.length > 2 && part.startsWith("`")) return <code key={index}>{part.slice(1, -1)}</code>;
    if (part.length > 4 && part.startsWith("**")) return <strong key={index}>{part.slice(2, -2)}</strong>;
    if (index % 2 && part.startsWith("*")) return <em key={index}>{part.slice(1, -1)}</em>;
    return <Fragment key={index}>{part}</Fragment>;
  });
}

/** Lines that belong together: `{kind, lines}`. */
export function blocksOf(text) {
  const blocks = [];
  let fenced = false;
  for (const line of text.split("\n")) {
    if (FENCE.test(line)) {
      fenced = !fenced;
      if (fenced) blocks.push({ kind: "code", lines: [] });
      continue;
    }
    const item = ITEM.exec(line);
    const kind = fenced ? "code" : HEADING.test(line) ? "heading" : item ? (item[1] ? "ol" : "ul") : line.trim() ? "p" : "gap";
    const last = blocks.at(-1);
    if (last?.kind === kind && kind !== "heading") last.lines.push(line);
    else blocks.push({ kind, lines: [line] });
  }
  return blocks.filter((block) => block.kind !== "gap");
}

function Block({ kind, lines }) {
  if (kind === "code") return <pre className="gl-code">{lines.join("\n")}</pre>;
  if (kind === "heading") return <h4>{inline(HEADING.exec(lines[0])[1])}</h4>;
  if (kind === "p") return <p>{inline(lines.join("\n"))}</p>;
  const List = kind;
  return (
    <List start={kind === "ol" ? Number(ITEM.exec(lines[0])[1]) : undefined}>
      {lines.map((line, index) => (
        <li key={index}>{inline(ITEM.exec(line)[2])}</li>
      ))}
    </List>
  );
}

export function Prose({ text }) {
  return (
    <div className="gl-prose">
      {blocksOf(text ?? "").map((block, index) => (
        <Block key={index} {...block} />
      ))}
    </div>
  );
}
