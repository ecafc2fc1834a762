/** How a view reads the editor: a part of its state, and the editor itself to change it. */
import { createContext, useContext, useRef, useSyncExternalStore } from "react";

/** @typedef {import("../core/editor.js").Editor} Editor */
/** @typedef {import("../core/editor.js").State} State */

export const EditorContext = createContext(/** @type {Editor | null} */ (null));

export function useEditor() {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error("Wrap this in <EditorContext.Provider value={editor}>.");
  return editor;
}

/**
 * A part of the state; the view is drawn again only when that part changed.
 * @template T @param {(state: State) => T} select @param {(a: T, b: T) => boolean} [same]
 * @returns {T}
 */
export function usePart(select, same = Object.is) {
  const editor = useEditor();
  /** @type {import("react").RefObject<{ value: T } | null>} */
  const last = useRef(null);
  return useSyncExternalStore(editor.subscribe, () => {
    const value = select(editor.state);
    if (last.current && same(last.current.value, value)) return last.current.value;
    last.current = { value };
    return value;
  });
}

/** Equal by content, for small lists and objects. @param {any} a @param {any} b */
export const alike = (a, b) => a === b || JSON.stringify(a) === JSON.stringify(b);
