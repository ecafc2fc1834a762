/** What of the drawing is seen: everything while it can be read, and never a chosen step behind a panel. */
import { useCallback, useEffect, useRef } from "react";
import { getViewportForBounds, useNodesInitialized, useReactFlow, useStore, useStoreApi } from "@xyflow/react";

/** Room around everything, as a share; around the chosen step, in pixels of the screen. */
const PADDING = 0.06;
const MARGIN = 48;
/** Below this nobody can read a card: better a part of them, at a size for reading. */
const READABLE = 0.6;
const READING = 0.8;
/** For so long after it was sent somewhere the view counts as on its way, in milliseconds. */
const SETTLED = 450;

/** @typedef {import("@xyflow/react").Viewport} Viewport */
/** @typedef {import("@xyflow/react").InternalNode} InternalNode */

/** @param {{ width: number, height: number, nodeLookup: Map<string, InternalNode> }} state @param {ReturnType<typeof useReactFlow>} flow @param {number} least */
function whole({ width, height, nodeLookup }, flow, least) {
  return getViewportForBounds(flow.getNodesBounds([...nodeLookup.keys()]), width, height, least, 1, PADDING);
}

/** Everything where it can be read, else the chosen step in the middle, or the beginning. @param {Parameters<typeof whole>[0]} state @param {ReturnType<typeof useReactFlow>} flow @param {string | undefined} chosen @returns {Viewport} */
function readable(state, flow, chosen) {
  const all = whole(state, flow, 0.1);
  if (all.zoom >= READABLE) return all;
  const drawn = [...state.nodeLookup.values()];
  const steps = drawn.filter((node) => node.type !== "note");
  const nodes = steps.length ? steps : drawn;
  const leftmost = nodes.reduce((best, node) => (node.internals.positionAbsolute.x < best.internals.positionAbsolute.x ? node : best), /** @type {InternalNode} */ (nodes[0]));
  const anchor = (chosen && state.nodeLookup.get(chosen)) || leftmost;
  const { x, y } = anchor.internals.positionAbsolute;
  const bounds = flow.getNodesBounds([...state.nodeLookup.keys()]);
  return {
    x: along(bounds.x * READING, bounds.width * READING, (x + (anchor.measured.width ?? 240) / 2) * READING, state.width),
    y: along(bounds.y * READING, bounds.height * READING, (y + (anchor.measured.height ?? 72) / 2) * READING, state.height),
    zoom: READING,
  };
}

/** Where to put the drawing along one side of the view: in the middle if it fits, else `middle` of it, without a wide empty edge. @param {number} start @param {number} size @param {number} middle @param {number} room */
function along(start, size, middle, room) {
  if (size + 2 * MARGIN <= room) return room / 2 - start - size / 2;
  return Math.max(room - MARGIN - start - size, Math.min(MARGIN - start, room / 2 - middle));
}

/**
 * Shows everything at the beginning, and goes on doing so while steps come and panels open, until a hand moves the view.
 * From then on it only takes care that the chosen step is not hidden.
 * @param {import("../core/selection.js").Selection} selection
 */
export function useView(selection) {
  const flow = useReactFlow();
  const store = useStoreApi();
  const ready = useNodesInitialized();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const count = useStore((state) => state.nodeLookup.size);
  const chosen = selection.steps.length === 1 ? selection.steps[0] : undefined;
  /** @type {import("react").RefObject<{ width: number, height: number, count: number, at: number, seen: Viewport, fits: boolean } | null>} */
  const last = useRef(null);

  useEffect(() => {
    const state = store.getState();
    if (!ready || !width || !height || !count) return;
    const before = last.current;
    const now = Date.now();
    const onItsWay = before && now - before.at < SETTLED;
    const fitted = !before || (onItsWay ? before.fits : alike(flow.getViewport(), before.seen) || alike(flow.getViewport(), whole({ ...state, width: before.width, height: before.height }, flow, 0.1)));
    const room = !before || before.width !== width || before.height !== height || before.count !== count;
    let target = fitted && room ? readable(state, flow, chosen) : onItsWay ? before.seen : flow.getViewport();
    if (before && !fitted) target = { ...target, y: target.y + (height - before.height) / 2 }; // a sheet from below pushes up what was in the middle
    const node = chosen ? state.nodeLookup.get(chosen) : undefined;
    if (node && before) target = shifted(target, node, width, height);
    if (!alike(target, flow.getViewport())) void flow.setViewport(target, { duration: before ? 200 : 0 });
    const fits = fitted && (room || alike(target, before.seen));
    last.current = { width, height, count, at: now, seen: fits ? target : before?.seen ?? target, fits };
  }, [chosen, ready, width, height, count, flow, store]);
}

/** The view moved just so far that a step is inside of it; what is larger than the view stays as it is seen. @param {Viewport} view @param {InternalNode} node @param {number} width @param {number} height @returns {Viewport} */
function shifted({ x, y, zoom }, node, width, height) {
  const by = (/** @type {number} */ start, /** @type {number} */ size, /** @type {number} */ room) => {
    if (size > room && start < room && start + size > 0) return 0;
    const margin = Math.max(0, Math.min(MARGIN, (room - size) / 2));
    return start < margin ? margin - start : start + size > room - margin ? room - margin - start - size : 0;
  };
  const at = node.internals.positionAbsolute;
  const dx = by(at.x * zoom + x, (node.measured.width ?? 240) * zoom, width);
  const dy = by(at.y * zoom + y, (node.measured.height ?? 72) * zoom, height);
  return { x: x + dx, y: y + dy, zoom };
}

/** @param {Viewport} a @param {Viewport} b */
const alike = (a, b) => Math.abs(a.x - b.x) < 2 && Math.abs(a.y - b.y) < 2 && Math.abs(a.zoom - b.zoom) < 0.005;

/** Shows everything, however small; used by the toolbar, the keyboard and after a big change. */
export function useFit() {
  const flow = useReactFlow();
  const store = useStoreApi();
  return useCallback(() => void flow.setViewport(whole(store.getState(), flow, 0.1), { duration: 250 }), [flow, store]);
}
