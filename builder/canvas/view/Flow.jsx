// The drawing surface: hands steps and edges to React Flow and turns what is done there into edits.
import { useCallback, useEffect, useMemo, useState } from "react";
import { Background, MiniMap, ReactFlow, applyNodeChanges, useReactFlow } from "@xyflow/react";
import { edgeKey, from, leaves } from "../core/document.js";
import { addStep, movedTo, shownPlaces, whyNot } from "../core/building.js";
import { GRID } from "../core/layout.js";
import { boxOf, nodeOf, noteOf } from "../core/notes.js";
import { only } from "../core/selection.js";
import { ABOVE, BELOW, NoteCard } from "./NoteCard.jsx";
import { StepCard } from "./StepCard.jsx";
import { StepEdge } from "./StepEdge.jsx";
import { useEditor, usePart } from "./useEditor.js";
import { useView } from "./useView.js";

const NODES = { step: StepCard, note: NoteCard };
const EDGES = { step: StepEdge };
export const DRAGGED = "application/x-greenlane-step";

/** From so many steps on, the overview goes while something is dragged, and shadows go altogether. */
const MANY = 120;

/** @typedef {import("@xyflow/react").Node} Node */

/** A `still` one is a picture on a page: the page scrolls past it, and it is moved with the hand. @param {{ onPane: () => void, still?: boolean }} props */
export function Flow({ onPane, still = false }) {
  const editor = useEditor();
  const flow = useReactFlow();
  const document = usePart((state) => state.sync.document);
  const selection = usePart((state) => state.selection);
  const nodes = useNodes(document, selection);
  useView(selection);
  const edges = useMemo(() => {
    const chosen = new Set(selection.edges);
    return document.meaning.edges.map((edge) => {
      const key = edgeKey(edge);
      const { step, exit } = leaves(edge.from);
      return { id: key, source: step, sourceHandle: exit, target: edge.to, type: "step", selected: chosen.has(key), data: { edge } };
    });
  }, [document.meaning.edges, selection.edges]);

  const readonly = usePart((state) => state.readonly);
  const many = nodes.list.length > MANY;
  const [dragging, setDragging] = useState(false);
  const dragged = (/** @type {Node[]} */ moved) => {
    setDragging(false);
    const places = (/** @type {(node: Node) => string | null} */ name) => Object.fromEntries(moved.flatMap((node) => {
      const id = name(node);
      return id === null ? [] : [[id, /** @type {[number, number]} */ ([node.position.x, node.position.y])]];
    }));
    editor.do(movedTo(editor.document, places(({ id }) => (noteOf(id) === null ? id : null)), places(({ id }) => noteOf(id))));
  };

  const nodesChanged = useCallback((/** @type {import("@xyflow/react").NodeChange[]} */ changes) => {
    nodes.change(changes);
    measured(editor, changes);
    selected(editor, changes);
  }, [editor, nodes.change]);

  const dropped = (/** @type {import("react").DragEvent} */ event) => {
    event.preventDefault();
    const type = editor.state.types.get(event.dataTransfer.getData(DRAGGED));
    if (!type) return;
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const hit = window.document.elementsFromPoint(event.clientX, event.clientY).map((each) => each.closest("[data-id]")?.getAttribute("data-id")).find((id) => id?.includes(">"));
    const edge = document.meaning.edges.find((each) => edgeKey(each) === hit);
    const { edits, id } = addStep(document, type, edge ? { edge } : { at: [x - 120, y - 30] }, editor.exitsOf, editor.state.sizes);
    editor.do(edits, { select: only(id) });
  };

  const connected = (/** @type {import("@xyflow/react").Connection} */ connection) => {
    const edge = { from: from(connection.source, connection.sourceHandle ?? "done"), to: connection.target };
    const why = whyNot(document, edge);
    if (why) editor.set({ notice: why });
    else editor.do([{ edit: "connect", edge }]);
  };

  const connectEnded = (/** @type {MouseEvent | TouchEvent} */ event, /** @type {import("@xyflow/react").FinalConnectionState} */ state) => {
    if (state.toNode || !state.fromNode || state.fromHandle?.type !== "source") return;
    const point = "changedTouches" in event ? event.changedTouches[0] : event;
    const target = point && window.document.elementFromPoint(point.clientX, point.clientY)?.closest("[data-step]")?.getAttribute("data-step");
    if (target) return connected({ source: state.fromNode.id, sourceHandle: state.fromHandle.id ?? "done", target, targetHandle: null });
    const { x, y } = flow.screenToFlowPosition({ x: point?.clientX ?? 0, y: point?.clientY ?? 0 });
    editor.set({ overlay: { kind: "palette", where: { after: { step: state.fromNode.id, exit: state.fromHandle.id ?? "done" }, at: [x, y - 30] } } });
  };

  return (
    <ReactFlow className={many ? "gc-stage--many" : undefined} nodes={nodes.list} edges={edges} nodeTypes={NODES} edgeTypes={EDGES} onNodesChange={nodesChanged}
      nodesDraggable={!readonly} nodesConnectable={!readonly} elementsSelectable={!still}
      onEdgesChange={(changes) => selected(editor, changes, "edges")}
      onNodeDragStart={() => setDragging(true)} onNodeDragStop={(_, __, moved) => dragged(moved)}
      onSelectionDragStart={() => setDragging(true)} onSelectionDragStop={(_, moved) => dragged(moved)}
      onConnect={connected} onConnectEnd={connectEnded} onPaneClick={onPane}
      onNodeClick={(_, node) => node.type === "step" && editor.state.selection.steps.length === 1 && editor.visit(node.id)}
      onDragOver={(event) => { event.preventDefault(); event.dataTransfer.dropEffect = "copy"; }} onDrop={dropped}
      isValidConnection={(connection) => connection.source !== connection.target}
      snapToGrid snapGrid={[GRID, GRID]} minZoom={0.1} maxZoom={2} panOnScroll={!still} zoomOnScroll={!still} preventScrolling={!still} zoomOnDoubleClick={false}
      selectionKeyCode="Shift" multiSelectionKeyCode={["Shift", "Meta", "Control"]} panActivationKeyCode="Space" deleteKeyCode={null}
      disableKeyboardA11y nodesFocusable={false} edgesFocusable={false} connectionRadius={30} elevateNodesOnSelect nodeDragThreshold={3}
      onlyRenderVisibleElements={nodes.list.length > 400} proOptions={{ hideAttribution: true }}>
      <Background gap={GRID} size={1.2} className="gc-dots" />
      {nodes.list.length > 1 && !still && !(many && dragging) && <MiniMap pannable zoomable ariaLabel="Overview" className="gc-minimap" nodeClassName={(node) => (node.type === "note" ? "gc-minimap__note" : `gc-minimap__step gl-status--${editor.state.run?.steps[node.id]?.status ?? "none"}`)} nodeBorderRadius={16} />}
    </ReactFlow>
  );
}

/**
 * React Flow's nodes from the document, notes first; positions while dragging live here and nowhere else.
 * @param {import("../core/document.js").Document} document @param {import("../core/selection.js").Selection} selection
 */
function useNodes(document, selection) {
  const writing = usePart((state) => state.writing);
  const [list, setList] = useState(/** @type {Node[]} */ ([]));
  const [notes, setNotes] = useState(/** @type {Node[]} */ ([]));
  useEffect(() => {
    const places = shownPlaces(document);
    const chosen = new Set(selection.steps);
    setList((before) => {
      const known = new Map(before.map((node) => [node.id, node]));
      return Object.keys(document.meaning.steps).map((id) => {
        const [x, y] = places[id] ?? [0, 0];
        const old = known.get(id);
        const isChosen = chosen.has(id);
        if (!old) return { id, type: "step", position: { x, y }, data: {}, selected: isChosen };
        const still = old.dragging || (old.position.x === x && old.position.y === y);
        if (still && !!old.selected === isChosen) return old;
        return { ...old, position: still ? old.position : { x, y }, selected: isChosen };
      });
    });
  }, [document.meaning.steps, document.layout.steps, document.meaning.edges, selection.steps]);
  useEffect(() => {
    const chosen = new Set(selection.notes);
    setNotes((before) => {
      const known = new Map(before.map((node) => [node.id, node]));
      return Object.keys(document.words.notes).map((note) => {
        const id = nodeOf(note);
        const { x, y, w, h } = boxOf(document, note);
        const old = known.get(id) ?? { id, type: "note", data: {}, position: { x, y }, connectable: false };
        const held = old.dragging || old.resizing;
        return { ...old, selected: chosen.has(note), zIndex: note === writing ? ABOVE : BELOW, ...(held ? {} : { position: { x, y }, width: w, height: h }) };
      });
    });
  }, [document.words.notes, document.layout.notes, document.layout.steps, selection.notes, writing]);
  const all = useMemo(() => [...notes, ...list], [notes, list]);
  const change = useCallback((/** @type {import("@xyflow/react").NodeChange[]} */ changes) => {
    const drawn = changes.filter((each) => each.type === "position" || each.type === "dimensions");
    if (!drawn.length) return;
    const ofNotes = drawn.filter((each) => noteOf(each.id) !== null);
    if (ofNotes.length < drawn.length) setList((before) => applyNodeChanges(drawn, before));
    if (ofNotes.length) setNotes((before) => applyNodeChanges(ofNotes, before));
  }, []);
  return { list: all, change };
}

/** Cards grow with their exits and text; layout wants their real sizes. @param {import("../core/editor.js").Editor} editor @param {import("@xyflow/react").NodeChange[]} changes */
function measured(editor, changes) {
  for (const change of changes) {
    if (change.type !== "dimensions" || !change.dimensions) continue;
    editor.state.sizes[change.id] = { w: change.dimensions.width, h: change.dimensions.height };
  }
}

/** @param {import("../core/editor.js").Editor} editor @param {(import("@xyflow/react").NodeChange | import("@xyflow/react").EdgeChange)[]} changes @param {"steps" | "edges"} [what] */
function selected(editor, changes, what = "steps") {
  const picks = changes.flatMap((change) => (change.type === "select" ? [change] : []));
  if (!picks.length) return;
  const { steps, edges, notes } = editor.state.selection;
  const chosen = { steps: new Set(steps), edges: new Set(edges), notes: new Set(notes) };
  for (const pick of picks) {
    const note = what === "steps" ? noteOf(pick.id) : null;
    const ids = note === null ? chosen[what] : chosen.notes;
    pick.selected ? ids.add(note ?? pick.id) : ids.delete(note ?? pick.id);
  }
  editor.select({ steps: [...chosen.steps], edges: [...chosen.edges], notes: [...chosen.notes] });
}
