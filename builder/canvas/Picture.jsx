// A workflow drawn on a page to look at: the same cards and lines as on the canvas, and nothing to change. The page scrolls past it.
import "@xyflow/react/dist/base.css";
import "./canvas.css";
import { useMemo } from "react";
import { ReactFlowProvider } from "@xyflow/react";
import { Editor } from "./core/editor.js";
import { NOTHING } from "./core/selection.js";
import { Flow } from "./view/Flow.jsx";
import { EditorContext } from "./view/useEditor.js";
import { ProseContext } from "./view/Value.jsx";

const OFFLINE = { client: "picture", now: () => 0, later: () => () => undefined, edits: () => undefined, resync: () => undefined };

/** @typedef {{ document: any, types: any[], exits: Record<string, { id: string, label: string }[]>, problems?: any[] }} Drawn */

/** `label` is what a screen reader says of the drawing; its steps are told in words beside it; `prose` shows its notes. @param {{ drawn: Drawn, label: string, prose?: import("./view/Value.jsx").Prose }} props */
export function Picture({ drawn, label, prose }) {
  const viewer = useMemo(() => viewerOf(drawn), [drawn]);
  if (!drawn?.document) return null;
  return (
    <figure className="gc-stage gc-picture" aria-label={label}>
      <EditorContext.Provider value={viewer}>
        <ProseContext.Provider value={prose ?? null}><ReactFlowProvider><Flow still onPane={() => undefined} /></ReactFlowProvider></ProseContext.Provider>
      </EditorContext.Provider>
    </figure>
  );
}

/** @param {Drawn} drawn */
function viewerOf({ document, types, exits, problems = [] }) {
  const viewer = new Editor(OFFLINE);
  viewer.opened({ document, revision: 0, nonce: 1 }, true);
  const check = /** @type {any} */ ({ revision: 0, problems, outputs: {}, exits, hash: "", crossings: [] });
  viewer.set({ types: new Map(types.map((type) => [type.type, type])), check, readonly: true, selection: NOTHING });
  return viewer;
}
