// The drawing surface: hands steps and edges to React Flow and turns what is done there into edits.
import { useCallback, useEffect, useMemo, useState } from "react";
import { Background, MiniMap, ReactFlow, applyNodeChanges, useReactFlow } from "@xyflow/react";
import { edgeKey, from, leaves } from "../core/document.js";
import { movedTo, putInto, shownPlaces, whyNot } from "../core/building.js";
import { HEAD, PAD, containerAt, containersOf, extents, holderOf, holders, onDrawing } from "../core/containers.js";
import { GRID } from "../core/layout.js";
import { boxOf, nodeOf, noteOf } from "../core/notes.js";
import { ContainerCard } from "./ContainerCard.jsx";
import { ABOVE, BELOW, NoteCard } from "./NoteCard.jsx";
import { StepCard } from "./StepCard.jsx";
import { StepEdge } from "./StepEdge.jsx";
import { useEditor, usePart } from "./useEditor.js";
import { useView } from "./useView.js";

const NODES = { step: StepCard, container: ContainerCard, note: NoteCard };
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
  const { frames } = nodes;
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
  /** The container under the pointer that what is dragged may go into, and where things are. */
  const under = (/** @type {{ clientX: number, clientY: number } | { changedTouches: any }} */ event, /** @type {string[]} */ moved = []) => {
    const { clientX, clientY } = "changedTouches" in event ? event.changedTouches[0] : event;
    const { x, y } = flow.screenToFlowPosition({ x: clientX, y: clientY }, { snapToGrid: false });
    const places = onDrawing(document, shownPlaces(document, editor.state.types));
    return { point: { x, y }, places, inside: Object.keys(frames).length ? containerAt(document, frames, places, [x, y], moved) : "" };
  };
  const dragging_ = (/** @type {any} */ event, /** @type {Node[]} */ moved) => {
    const steps = moved.flatMap(({ id }) => (noteOf(id) === null ? [id] : []));
    if (!steps.length || !Object.keys(frames).length) return;
    const { inside } = under(event, steps);
    const entering = inside && steps.some((id) => holderOf(document, id) !== inside) ? inside : null;
    if (entering !== editor.state.entering) editor.set({ entering });
  };
  const dragged = (/** @type {any} */ event, /** @type {Node[]} */ moved, /** @type {Node | undefined} */ held = moved[0]) => {
    setDragging(false);
    if (editor.state.entering) editor.set({ entering: null });
    const places = (/** @type {(node: Node) => string | null} */ name) => Object.fromEntries(moved.flatMap((node) => {
      const id = name(node);
      return id === null ? [] : [[id, /** @type {[number, number]} */ ([node.position.x, node.position.y])]];
    }));
    const steps = places(({ id }) => (noteOf(id) === null ? id : null));
    for (const [id, [x, y]] of Object.entries(steps)) if (holderOf(document, id)) steps[id] = [Math.max(PAD / 3, x), Math.max(HEAD - PAD / 3, y)];
    const notes = places(({ id }) => noteOf(id));
    const old = held ? holderOf(document, held.id) : "";
    const { inside, places: here } = under(event, Object.keys(steps));
    const going = Object.keys(steps).filter((id) => inside !== old && holderOf(document, id) === old);
    const stuck = inside ? going.filter((id) => ["flow.start", "flow.finish"].includes(document.meaning.steps[id]?.type ?? "")) : [];
    if (!going.length || stuck.length) {
      if (stuck.length) editor.set({ notice: "The start and the finish stay outside of containers." });
      editor.do(movedTo(editor.document, steps, notes));
      return;
    }
    const [ix, iy] = here[inside] ?? [0, 0];
    const into = Object.fromEntries(going.map((id) => {
      const { x, y } = flow.getInternalNode(id)?.internals.positionAbsolute ?? { x: 0, y: 0 };
      return [id, /** @type {[number, number]} */ ([x - ix, y - iy])];
    }));
    const { edits, cut } = putInto(document, inside, into);
    const rest = Object.fromEntries(Object.entries(steps).filter(([id]) => !going.includes(id)));
    if (editor.doWithRoom([...edits, ...movedTo(editor.document, rest, notes)]) && cut) editor.set({ notice: `${cut === 1 ? "One connection" : `${cut} connections`} across the border ${cut === 1 ? "was" : "were"} cut. Undo brings ${cut === 1 ? "it" : "them"} back.` });
  };

  const nodesChanged = useCallback((/** @type {import("@xyflow/react").NodeChange[]} */ changes) => {
    measured(editor, changes);
    nodes.change(changes);
    selected(editor, changes);
  }, [editor, nodes.change]);

  const dropped = (/** @type {import("react").DragEvent} */ event) => {
    event.preventDefault();
    const type = editor.state.types.get(event.dataTransfer.getData(DRAGGED));
    if (!type) return;
    const { point: { x, y }, inside, places } = under(event);
    const [ix, iy] = places[inside] ?? [0, 0];
    const hit = window.document.elementsFromPoint(event.clientX, event.clientY).map((each) => each.closest("[data-id]")?.getAttribute("data-id")).find((id) => id?.includes(">"));
    const edge = document.meaning.edges.find((each) => edgeKey(each) === hit);
    if (inside && ["flow.start", "flow.finish"].includes(type.type)) return editor.set({ notice: "The start and the finish stay outside of containers." });
    editor.add(type, edge ? { edge } : { at: [inside ? Math.max(PAD / 3, x - ix - 120) : x - 120, inside ? Math.max(HEAD, y - iy - 30) : y - 30], inside });
    return undefined;
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
    const [ix, iy] = onDrawing(editor.shown)[holderOf(document, state.fromNode.id)] ?? [0, 0];
    editor.set({ overlay: { kind: "palette", where: { after: { step: state.fromNode.id, exit: state.fromHandle.id ?? "done" }, at: [x - ix, y - iy - 30] } } });
  };

  return (
    <ReactFlow className={many ? "gc-stage--many" : undefined} nodes={nodes.list} edges={edges} nodeTypes={NODES} edgeTypes={EDGES} onNodesChange={nodesChanged}
      nodesDraggable={!readonly} nodesConnectable={!readonly} elementsSelectable={!still}
      onEdgesChange={(changes) => selected(editor, changes, "edges")}
      onNodeDragStart={() => setDragging(true)} onNodeDrag={(event, _, moved) => dragging_(event, moved)} onNodeDragStop={(event, held, moved) => dragged(event, moved, held)}
      onSelectionDragStart={() => setDragging(true)} onSelectionDragStop={(event, moved) => dragged(event, moved)}
      onConnect={connected} onConnectEnd={connectEnded} onPaneClick={onPane}
      onNodeClick={(_, node) => node.type !== "note" && editor.state.selection.steps.length === 1 && editor.visit(node.id)}
      onDragOver={(event) => { event.preventDefault(); event.dataTransfer.dropEffect = "copy"; }} onDrop={dropped}
      isValidConnection={(connection) => connection.source !== connection.target}
      snapToGrid snapGrid={[GRID, GRID]} minZoom={0.1} maxZoom={2} panOnScroll={!still} zoomOnScroll={!still} preventScrolling={!still} zoomOnDoubleClick={false}
      selectionKeyCode="Shift" multiSelectionKeyCode={["Shift", "Meta", "Control"]} panActivationKeyCode="Space" deleteKeyCode={null}
      disableKeyboardA11y nodesFocusable={false} edgesFocusable={false} connectionRadius={30} elevateNodesOnSelect nodeDragThreshold={3}
      onlyRenderVisibleElements={nodes.list.length > 400} proOptions={{ hideAttribution: true }}>
      <Background gap={GRID} size={1.2} className="gc-dots" />
      {nodes.list.length > 1 && !still && !(many && dragging) && <MiniMap pannable zoomable ariaLabel="Overview" className="gc-minimap" nodeClassName={(node) => (node.type === "note" ? "gc-minimap__note" : `${node.type === "container" ? "gc-minimap__frame" : "gc-minimap__step"} gl-status--${editor.state.run?.steps[node.id]?.status ?? "none"}`)} nodeBorderRadius={16} />}
    </ReactFlow>
  );
}

/**
 * React Flow's nodes from the document, notes first; positions while dragging live here and nowhere else.
 * @param {import("../core/document.js").Document} document @param {import("../core/selection.js").Selection} selection
 */
function useNodes(document, selection) {
  const writing = usePart((state) => state.writing);
  const types = usePart((state) => state.types);
  const [list, setList] = useState(/** @type {Node[]} */ ([]));
  const [notes, setNotes] = useState(/** @type {Node[]} */ ([]));
  const [grown, setGrown] = useState(0);
  const editor = useEditor();
  const places = useMemo(() => shownPlaces(document, types), [document.meaning.steps, document.layout.steps, document.meaning.edges, types]);
  const frames = useMemo(() => extents(document, containersOf(document, types), editor.state.sizes, places), [document.meaning.steps, document.layout.sizes, places, types, grown]);
  useEffect(() => {
    const chosen = new Set(selection.steps);
    setList((before) => {
      const known = new Map(before.map((node) => [node.id, node]));
      return [...holders(document)].map(([id, outer]) => {
        const [x, y] = places[id] ?? [0, 0];
        const old = known.get(id);
        const isChosen = chosen.has(id);
        const frame = frames[id];
        const parentId = outer || undefined;
        if (!old || !!frame !== (old.type === "container")) return { id, type: frame ? "container" : "step", position: { x, y }, data: {}, selected: isChosen, parentId, ...(frame ? { width: frame.w, height: frame.h } : {}) };
        const still = old.dragging || (old.position.x === x && old.position.y === y && old.parentId === parentId);
        const same = !frame || old.resizing || (old.width === frame.w && old.height === frame.h);
        if (still && same && !!old.selected === isChosen) return old;
        return { ...old, parentId, position: still ? old.position : { x, y }, selected: isChosen, ...(same || !frame ? {} : { width: frame.w, height: frame.h }) };
      });
    });
  }, [document.meaning.steps, places, frames, selection.steps]);
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
    if (drawn.some((each) => each.type === "dimensions" && each.resizing === undefined && document.meaning.steps[each.id]?.inside)) setGrown((before) => before + 1);
    const ofNotes = drawn.filter((each) => noteOf(each.id) !== null);
    if (ofNotes.length < drawn.length) setList((before) => applyNodeChanges(drawn, before));
    if (ofNotes.length) setNotes((before) => applyNodeChanges(ofNotes, before));
  }, [document.meaning.steps]);
  return { list: all, change, frames };
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
