// The canvas on a page of its own, for working on it and for screenshots; see README.md.
import { useEffect, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";
import { Canvas } from "../../../builder/canvas/Canvas.jsx";
import { documents } from "./documents.js";
import { server } from "./server.js";

function Page({ catalogue }) {
  const [props, setProps] = useState(/** @type {Record<string, any>} */ ({}));
  const line = useMemo(() => server(documents(new URLSearchParams(location.search).get("document") ?? "triage"), catalogue, (more) => setProps((before) => ({ ...before, ...more }))), []);
  useEffect(() => setProps(line.first), [line]);
  /** @type {any} */ (window).line = line;
  return <Canvas {...props} onEdits={line.onEdits} onResync={line.onResync} onRun={line.onRun} onCancel={line.onCancel} onInspect={line.onInspect} />;
}

const catalogue = await (await fetch("/catalogue.json")).json();
createRoot(/** @type {HTMLElement} */ (document.getElementById("root"))).render(<Page catalogue={catalogue} />);
