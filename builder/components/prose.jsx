// Text as models write it: headings, lists, bold, italics, code. Built from elements, never from HTML, and without
// links or images: nothing that a model says may run here or call anywhere.
import { Fragment } from "react";
import { blocksOf } from "./prose_blocks.js";

const INLINE = /(`[^`\n]+`|\*\*[^*\n]+\*\*|\*[^*\s][^*\n]*\*)/;

/** @param {string} text */
function inline(text) {
  return text.split(INLINE).map((part, index) => {
    if (part.length > 2 && part.startsWith("`")) return <code key={index}>{part.slice(1, -1)}</code>;
    if (part.length > 4 && part.startsWith("**")) return <strong key={index}>{part.slice(2, -2)}</strong>;
    if (index % 2 && part.startsWith("*")) return <em key={index}>{part.slice(1, -1)}</em>;
    return <Fragment key={index}>{part}</Fragment>;
  });
}

/** @param {import("./prose_blocks.js").Block} block */
function Block({ kind, lines, start }) {
  if (kind === "code") return <pre className="gl-code">{lines.join("\n")}</pre>;
  if (kind === "heading") return <h4>{inline(lines.join("\n"))}</h4>;
  if (kind === "p") return <p>{inline(lines.join("\n"))}</p>;
  const items = lines.map((line, index) => <li key={index}>{inline(line)}</li>);
  return kind === "ol" ? <ol start={start}>{items}</ol> : <ul>{items}</ul>;
}

/** @param {{ text?: string | null }} props */
export function Prose({ text }) {
  return (
    <div className="gl-prose">
      {blocksOf(text ?? "").map((block, index) => (
        <Block key={index} {...block} />
      ))}
    </div>
  );
}
