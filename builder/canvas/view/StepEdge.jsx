// A connection: a smooth line coloured by how the run went; on hover “+” inserts a step and “×” takes it away.
import { memo, useState } from "react";
import { BaseEdge, getBezierPath } from "@xyflow/react";
import { edgeKey } from "../core/document.js";
import { edgeStatus } from "../core/run.js";
import { useEditor, usePart } from "./useEditor.js";

/** @typedef {import("@xyflow/react").EdgeProps & { data?: any }} Props */

export const StepEdge = memo((/** @type {Props} */ { sourceX, sourceY, sourcePosition, targetX, targetY, targetPosition, selected, data }) => {
  const editor = useEditor();
  /** @type {import("../core/document.js").Edge} */
  const edge = data.edge;
  const status = usePart((state) => edgeStatus(state.run, edge));
  const wrong = usePart((state) => state.check?.problems.find((problem) => problem.edge && edgeKey(problem.edge) === edgeKey(edge))?.sentence ?? "");
  const mark = usePart((state) => state.marks?.edges[edgeKey(edge)] ?? "");
  const readonly = usePart((state) => state.readonly);
  const alone = usePart((state) => !!selected && state.selection.edges.length === 1 && !state.selection.steps.length);
  const [near, setNear] = useState(false); // hundreds of hidden buttons would make every drag slower
  const [path, x, y] = getBezierPath({ sourceX, sourceY, sourcePosition, targetX, targetY, targetPosition });
  const names = ["gc-edge", status && `gc-edge--${status}`, selected && "gc-edge--selected", wrong && "gc-edge--wrong", mark && `gc-edge--${mark}`].filter(Boolean).join(" ");
  return (
    <g className={names} onPointerEnter={() => setNear(true)} onPointerLeave={() => setNear(false)}>
      {wrong && <title>{wrong}</title>}
      <BaseEdge path={path} interactionWidth={24} className="gc-edge__line" />
      {(near || alone) && !readonly && (
        <g className="gc-edge__buttons" transform={`translate(${x} ${y})`}>
          <EdgeButton x={-14} label="Insert a step here" shape="M-4 0H4M0 -4V4" onClick={() => editor.set({ overlay: { kind: "palette", where: { edge } } })} />
          <EdgeButton x={14} label="Remove this connection" shape="M-3.5 -3.5L3.5 3.5M3.5 -3.5L-3.5 3.5" danger onClick={() => editor.do([{ edit: "disconnect", edge }])} />
        </g>
      )}
    </g>
  );
});

/** Drawn in the SVG itself, so that it belongs to the line it hovers with. @param {{ x: number, label: string, shape: string, danger?: boolean, onClick: () => void }} props */
function EdgeButton({ x, label, shape, danger = false, onClick }) {
  return (
    <g className={danger ? "gc-edge__button gc-edge__button--danger" : "gc-edge__button"} transform={`translate(${x} 0)`} role="button" aria-label={label}
      onClick={(event) => { event.stopPropagation(); onClick(); }}>
      <title>{label}</title>
      <circle r={11} />
      <path d={shape} />
    </g>
  );
}
