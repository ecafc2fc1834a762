// A container on the canvas: a frame with the head of a step, in which other steps stand; a hand pulls it larger.
import { memo } from "react";
import { Handle, NodeResizeControl, Position } from "@xyflow/react";
import { LEAST, holderOf } from "../core/containers.js";
import { CARD, snapped } from "../core/layout.js";
import { itemsOf } from "../core/run.js";
import { Icon } from "./icons.jsx";
import { Exits, StepHead, useCard } from "./StepCard.jsx";
import { useEditor, usePart } from "./useEditor.js";

export const ContainerCard = memo((/** @type {import("./StepCard.jsx").Props} */ { id, selected }) => {
  const editor = useEditor();
  const card = useCard(id, selected);
  const empty = usePart((state) => !Object.keys(state.sync.document.meaning.steps).some((step) => holderOf(state.sync.document, step) === id));
  const entered = usePart((state) => state.entering === id);
  const readonly = usePart((state) => state.readonly);
  const items = usePart((state) => itemsOf(state.run?.steps[id]));
  if (!card) return null;
  const add = () => editor.set({ overlay: { kind: "palette", where: { inside: id } } });
  return (
    <>
      <div className={`${card.names} gc-frame ${entered ? "gc-frame--entered" : ""}`} data-step={id} data-status={card.run?.status}>
        <Handle type="target" position={Position.Left} className="gc-port gc-port--in" />
        <div className="gc-frame__head" style={{ height: CARD.h }}>
          <StepHead id={id} card={card}>
            {items && <span className="gc-frame__items">{items}</span>}
            {!readonly && !empty && (
              <button type="button" className="gc-frame__add nodrag nopan" aria-label={`Add a step inside “${card.title}”`} title="Add a step inside" onClick={(event) => { event.stopPropagation(); add(); }}><Icon name="plus" size={14} /></button>
            )}
          </StepHead>
          <Exits id={id} exits={card.exits} />
        </div>
        {empty && (
          <div className="gc-frame__empty">
            {readonly ? <span className="gl-faint">Nothing inside</span> : <button type="button" className="gl-button gl-button--small nodrag nopan" onClick={(event) => { event.stopPropagation(); add(); }}><Icon name="plus" />Add a step inside</button>}
          </div>
        )}
      </div>
      {!readonly && (
        <NodeResizeControl nodeId={id} position="bottom-right" className="gc-sticky__corner" autoScale={false} minWidth={LEAST.w} minHeight={LEAST.h}
          onResizeEnd={(_, { width, height }) => editor.do([{ edit: "resize", sizes: { [id]: [snapped(width), snapped(height)] } }])}>
          <span title="Drag to resize" />
        </NodeResizeControl>
      )}
    </>
  );
});
