// A workflow that a step calls, in the version it calls: only to look at, with a way to the workflow itself.
import { useMemo } from "react";
import { calledName } from "../core/called.js";
import { Icon } from "./icons.jsx";
import { Looking } from "./Compare.jsx";
import { useEditor, usePart } from "./useEditor.js";

export function Inside() {
  const editor = useEditor();
  const inside = usePart((state) => state.inside);
  const compared = useMemo(() => ({ title: "", before: inside?.document, after: inside?.document, changes: [] }), [inside]);
  if (!inside) return null;
  const way = <a className="gl-button gl-button--small" href={`/editor/${encodeURIComponent(inside.name)}`}><Icon name="external-link" />Open</a>;
  return <Looking title={calledName({ ...inside, place: "", seen: true, steps: [] })} icon="eye" compared={compared} actions={way} onClose={() => editor.set({ inside: null })} />;
}
