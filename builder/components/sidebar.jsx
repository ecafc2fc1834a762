// Narrows the sidebar to its icons; the choice stays in the browser.
import { useEffect, useState } from "react";
import PanelLeft from "lucide-react/dist/esm/icons/panel-left.mjs";

const KEY = "greenlane.sidebar";

export function SidebarSwitch() {
  const [narrow, setNarrow] = useState(false);
  useEffect(() => { setNarrow(localStorage.getItem(KEY) === "narrow"); }, []);
  useEffect(() => {
    document.documentElement.toggleAttribute("data-narrow", narrow);
  }, [narrow]);

  function change() {
    localStorage.setItem(KEY, narrow ? "wide" : "narrow");
    setNarrow(!narrow);
  }

  const label = narrow ? "Show the names of the menu" : "Show only icons";
  return (
    <button type="button" className="gl-sidebar__switch" aria-label={label} title={label} aria-expanded={!narrow} onClick={change}>
      <PanelLeft aria-hidden />
    </button>
  );
}
