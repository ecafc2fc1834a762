// A note on the canvas: words for people, below steps and connections. Read as prose, written as plain text.
import { memo, useContext, useEffect, useLayoutEffect, useRef } from "react";
import { NodeResizeControl, NodeToolbar, Position } from "@xyflow/react";
import { COLORS, GROWS, LEAST, LONGEST, boxOf, called, laid, noteOf, sized, written } from "../core/notes.js";
import { NOTHING } from "../core/selection.js";
import { IconButton } from "./icons.jsx";
import { ProseContext } from "./Value.jsx";
import { useEditor, usePart } from "./useEditor.js";

/** Notes lie below all connections and steps, chosen ones too (React Flow lifts what is chosen by a thousand); what is at hand lies above. */
export const BELOW = -2000;
export const ABOVE = 2000;

/** `id` as React Flow knows it. */
export const NoteCard = memo((/** @type {{ id: string, selected?: boolean }} */ { id, selected }) => {
  const editor = useEditor();
  const note = noteOf(id) ?? "";
  const text = usePart((state) => state.sync.document.words.notes[note]);
  const color = usePart((state) => boxOf(state.sync.document, note).color);
  const readonly = usePart((state) => state.readonly);
  const writing = usePart((state) => state.writing === note);
  const alone = usePart((state) => state.selection.notes.length === 1 && !state.selection.steps.length && !state.selection.edges.length);
  if (text === undefined) return null;
  const write = () => editor.set({ writing: readonly ? null : note });
  return (
    <>
      {!readonly && selected && alone && <NoteTools note={note} color={color} onWrite={write} />}
      <section className={`gc-sticky gl-status gl-tone--${color} ${selected ? "gc-sticky--selected nowheel" : ""}`} role="note" aria-label={called(text)} data-note={note} onDoubleClick={write}>
        {writing ? <Writing note={note} text={text} /> : <Written text={text} />}
      </section>
      {!readonly && (
        <NodeResizeControl nodeId={id} position="bottom-right" className="gc-sticky__corner" autoScale={false} minWidth={LEAST.w} minHeight={LEAST.h}
          onResizeEnd={(_, { width, height }) => editor.do(laid(editor.document, note, sized({ w: width, h: height })))}>
          <span title="Drag to resize" />
        </NodeResizeControl>
      )}
    </>
  );
});

/** @param {{ text: string }} props */
function Written({ text }) {
  const Prose = useContext(ProseContext);
  if (!text.trim()) return <p className="gc-sticky__words gl-faint">Write a note…</p>;
  return <div className="gc-sticky__words">{Prose ? <Prose text={text} /> : <p className="gc-sticky__plain">{text}</p>}</div>;
}

/** What is typed is kept at once, as everywhere on the canvas; the note grows with it for a while, then scrolls. @param {{ note: string, text: string }} props */
function Writing({ note, text }) {
  const editor = useEditor();
  const input = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const gesture = `note ${note}`;
  useEffect(() => {
    input.current?.focus({ preventScroll: true });
    input.current?.setSelectionRange(text.length, text.length);
  }, []);
  useLayoutEffect(() => {
    const missing = (input.current?.scrollHeight ?? 0) - (input.current?.clientHeight ?? 0);
    const { w, h } = boxOf(editor.document, note);
    if (missing > 2 && h < GROWS) editor.do(laid(editor.document, note, sized({ w, h: Math.min(GROWS, h + missing + 9) })), { gesture });
  }, [editor, note, text]);
  const finish = () => editor.state.writing === note && editor.set({ writing: null });
  return (
    <textarea ref={input} className="gc-sticky__words gc-sticky__input nodrag nopan nowheel" value={text} maxLength={LONGEST} aria-label="Text of the note" placeholder="Write a note…" spellCheck
      onChange={(event) => editor.do(written(note, event.target.value), { gesture })}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        finish();
        /** @type {HTMLElement | null} */ (event.currentTarget.closest(".gc-stage"))?.focus({ preventScroll: true });
      }} />
  );
}

/** Over a chosen note: its colours, write, delete. What is being typed keeps the keyboard. @param {{ note: string, color: string, onWrite: () => void }} props */
function NoteTools({ note, color, onWrite }) {
  const editor = useEditor();
  return (
    <NodeToolbar position={Position.Top} isVisible offset={8} style={{ zIndex: ABOVE }}>
      <div className="gc-sticky-tools" role="toolbar" aria-label="Note" onPointerDown={(event) => event.preventDefault()} onMouseDown={(event) => event.preventDefault()} onDoubleClick={(event) => event.stopPropagation()}>
        {COLORS.map(([name, label]) => (
          <button key={name} type="button" className={`gc-sticky-tools__color gl-status gl-tone--${name}`} aria-label={label} title={label} aria-pressed={color === name} onClick={() => editor.do(laid(editor.document, note, { color: name }))} />
        ))}
        <IconButton icon="pencil" label="Write" keys="Enter" onClick={onWrite} />
        <IconButton icon="trash" label="Delete the note" keys="Del" onClick={() => editor.do(written(note, null), { select: NOTHING })} />
      </div>
    </NodeToolbar>
  );
}
